//! Marks in the texts of the two firms' work, by which an answer shows whose texts it tells.

use caseload::demo::data::{Dataset, Work};
use prost_reflect::{DynamicMessage, Value};
use tonic::Status;

use super::methods::Method;
use super::names::Names;
use super::requests::Request;

/// The marks of the firm at work and of the bystander, in this order.
pub(crate) const MARKS: [&str; 2] = ["Quillfeather", "Thistlewood"];

/// What a method that only tells begins with.
const TELLS: [&str; 10] = [
    "Compute",
    "Download",
    "Export",
    "Follow",
    "Get",
    "List",
    "Query",
    "Search",
    "Summarize",
    "Watch",
];

/// Marks every text of the data that a firm writes. The second firm's adversary is the first one's client, whose name
/// both of them know, and neither knows that the other does.
pub(crate) fn mark(data: &mut Dataset) {
    let common = data.matters[0].client.clone();
    let marked = MARKS.into_iter().enumerate();
    for ((place, mark), firm) in marked.zip(&mut data.firms) {
        for text in [&mut firm.display_name, &mut firm.supervising_attorney] {
            append(text, mark);
        }
        let matter = &mut data.matters[place];
        for text in [
            &mut matter.caption,
            &mut matter.docket_number,
            &mut matter.client,
            &mut matter.adverse,
        ] {
            append(text, mark);
        }
        // What the firm's one matter asks for.
        for Work {
            title, narrative, ..
        } in &mut data.work[2 * place..2 * place + 2]
        {
            append(title, mark);
            append(narrative, mark);
        }
    }
    data.matters[0].client.clone_from(&common);
    data.matters[1].adverse = common;
}

/// A text with the mark of the firm in a place of the data.
pub(crate) fn marked(text: &str, firm: usize) -> String {
    let mut text = text.to_owned();
    append(&mut text, MARKS[firm]);
    text
}

fn append(text: &mut String, mark: &str) {
    text.push(' ');
    text.push_str(mark);
}

/// Whether a method only tells what there is.
pub(crate) fn tells(method: &Method) -> bool {
    let name = method.descriptor.name();
    TELLS.iter().any(|verb| name.starts_with(verb))
}

/// Everything that a method that tells can be asked about: all of it, each thing that there is, and the marks
/// themselves where it searches for words.
pub(crate) fn questions(method: &Method, names: &Names) -> Vec<Request> {
    let mut questions = Request::lists(method, names);
    if let Some(query) = method.input().get_field_by_name("query") {
        for mark in MARKS {
            let mut question = questions[0].clone();
            let query = &query;
            question
                .message
                .set_field(query, Value::String(mark.to_owned()));
            questions.push(question);
        }
    }
    questions
}

/// The marks in an answer: in its texts and its bytes, or in what a refusal says and details.
pub(crate) fn in_answer(answer: &Result<Vec<DynamicMessage>, Status>) -> Vec<&'static str> {
    let has = |mark: &&str| match answer {
        Ok(messages) => messages.iter().any(|message| in_message(message, mark)),
        Err(status) => holds(status.message().as_bytes(), mark) || holds(status.details(), mark),
    };
    MARKS.into_iter().filter(has).collect()
}

fn in_message(message: &DynamicMessage, mark: &str) -> bool {
    message.fields().any(|(_, value)| in_value(value, mark))
        || message.unknown_fields().next().is_some()
}

fn in_value(value: &Value, mark: &str) -> bool {
    match value {
        Value::String(text) => holds(text.as_bytes(), mark),
        Value::Bytes(bytes) => holds(bytes, mark),
        Value::Message(message) => in_message(message, mark),
        Value::List(values) => values.iter().any(|value| in_value(value, mark)),
        Value::Map(entries) => entries.values().any(|value| in_value(value, mark)),
        _ => false,
    }
}

/// Whether a mark is in some bytes, in whatever case it was written down.
fn holds(bytes: &[u8], mark: &str) -> bool {
    let mut windows = bytes.windows(mark.len());
    windows.any(|window| window.eq_ignore_ascii_case(mark.as_bytes()))
}
