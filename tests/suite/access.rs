//! Walks every method of every service, found in the contracts, so that a new method is covered by itself.
//!
//! - Each role, no token and tokens that may not be believed: the outcome is what the access option says.
//! - Another firm's resources, and another paralegal's: `NOT_FOUND`, in the words in which what does not exist is.
//! - Lists across firms: of what the caller may see, and of nothing else.
//! - Texts of two firms, marked by who wrote them: no answer to either's people tells the other's.
//!
//! # Layout
//! - [`methods`]: the methods of the contracts, and what their access option says
//! - [`contracts`]: what the contracts say beside types, which field names what
//! - [`call`]: calling a method that is known by its descriptor alone
//! - [`requests`]: a request of a method, filled in from its descriptor
//! - [`names`]: the resources that there are, found through the lists
//! - [`caller`]: somebody who calls, and what is theirs
//! - [`marks`]: marks in the two firms' texts
//! - [`world`] and [`work`]: the suite, and two firms' work in it

mod call;
mod caller;
mod contracts;
mod marks;
mod methods;
mod names;
mod requests;
mod work;
mod world;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use caseload_auth::Role;
use tonic::{Code, Status};
use tonic_types::StatusExt as _;

use caller::Caller;
use methods::Method;
use names::Names;
use requests::Request;
use world::World;

/// The messages that say what a paralegal is paid, which is no firm's to see.
const PAY: [&str; 3] = [
    "caseload.type.v1.PayTerms",
    "caseload.assignment.v1.Pay",
    "caseload.billing.v1.Earning",
];

/// Everything that went wrong, told at once: a walk that stops at its first find is walked many times.
#[derive(Default)]
struct Faults(Vec<String>);

impl Faults {
    fn expect(&mut self, holds: bool, what: impl FnOnce() -> String) {
        if !holds {
            self.0.push(what());
        }
    }

    fn none(self) {
        let count = self.0.len();
        let mut told = String::new();
        for fault in self.0 {
            writeln!(told, "- {fault}").unwrap();
        }
        assert!(told.is_empty(), "{count} faults:\n{told}");
    }
}

fn outcome(answer: &Result<Option<prost_reflect::DynamicMessage>, Status>) -> String {
    match answer {
        Ok(_) => "OK".to_owned(),
        Err(status) => format!("{:?} ({})", status.code(), status.message()),
    }
}

fn reason(status: &Status) -> String {
    status
        .get_details_error_info()
        .map(|info| info.reason)
        .unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_method_answers_each_caller_as_its_access_option_says() {
    let world = World::empty().await;
    let mut faults = Faults::default();
    let methods = methods::all();
    assert!(
        methods.len() > 60,
        "the contracts have {} methods",
        methods.len()
    );
    let callers = Role::ALL.map(Caller::stranger);
    for method in &methods {
        let empty = || Request::empty(method).message;
        for (what, token) in world.unbelievable(method) {
            let answer = world.call(method, token.as_deref(), empty()).await;
            let refused = answer.as_ref().is_err_and(|status| {
                status.code() == Code::Unauthenticated && reason(status) == "TOKEN_INVALID"
            });
            faults.expect(refused, || {
                format!("{method} with {what}: {}", outcome(&answer))
            });
        }
        for caller in &callers {
            let role = caller.role;
            let answer = world.call_as(method, caller, empty()).await;
            let denied = answer.as_ref().is_err_and(|status| {
                status.code() == Code::PermissionDenied && reason(status) == "PERMISSION_DENIED"
            });
            faults.expect(denied != method.admits(role), || {
                format!("{method} as {role}: {}", outcome(&answer))
            });
            // Whoever is let by meets a method that is there, and that judges the request.
            let judged = answer.as_ref().map_or_else(
                |status| {
                    !matches!(
                        status.code(),
                        Code::Unimplemented
                            | Code::Internal
                            | Code::Unknown
                            | Code::Unavailable
                            | Code::Unauthenticated
                    ) && !reason(status).is_empty()
                },
                |_| true,
            );
            faults.expect(judged, || {
                format!(
                    "{method} as {role} with nothing filled in: {}",
                    outcome(&answer)
                )
            });
        }
    }
    faults.none();
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_another_firm_or_paralegal_can_be_reached_listed_or_told_from_what_does_not_exist()
 {
    let world = World::at_work().await;
    let names = Names::of(&world).await;
    let mut faults = Faults::default();
    for method in methods::all() {
        for caller in outsiders(&method, &world) {
            theirs_is_like_absent(&world, &names, &method, &caller, &mut faults).await;
            references_to_theirs_are_like_absent(&world, &names, &method, &caller, &mut faults)
                .await;
        }
        if method.is_list() {
            for caller in insiders_and_strangers(&method, &world) {
                only_what_may_be_seen_is_listed(&world, &method, &caller, &mut faults).await;
            }
        }
    }
    faults.none();
    world.stop().await;
}

/// Lists all that the caller may see, and looks for names that are not theirs to see, and for what paralegals are
/// paid in what a firm's people see.
async fn only_what_may_be_seen_is_listed(
    world: &World,
    method: &Method,
    caller: &Caller,
    faults: &mut Faults,
) {
    let request = Request::list_of_all(method);
    let answer = world.call_as(method, caller, request.message).await;
    let list = match &answer {
        Ok(Some(list)) => list,
        // Some lists are of one firm or paralegal at a time.
        Err(status) if matches!(status.code(), Code::InvalidArgument | Code::NotFound) => return,
        _ => {
            return faults.expect(false, || {
                format!("{method} as {caller}: {}", outcome(&answer))
            });
        }
    };
    for name in names::in_message(list) {
        faults.expect(world.may_see(caller, &name), || {
            format!("{method} shows {name} to {caller}")
        });
    }
    let pay = names::messages_of(list, &PAY);
    faults.expect(pay.is_empty() || caller.firm.is_none(), || {
        format!("{method} shows {caller} what paralegals are paid: {pay:?}")
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn no_text_of_a_firm_is_in_any_answer_to_another_firms_people() {
    let world = World::at_work().await;
    let names = Names::of(&world).await;
    let mut faults = Faults::default();
    let mut told = BTreeSet::new();
    for method in methods::all().into_iter().filter(marks::tells) {
        for (place, firm) in [world.firm, world.bystander].into_iter().enumerate() {
            for role in [Role::FirmAdmin, Role::Attorney] {
                if !method.admits(role) {
                    continue;
                }
                let caller = Caller::of_firm(role, firm);
                for question in marks::questions(&method, &names) {
                    let answer = world.told(&method, &caller, question.message).await;
                    for mark in marks::in_answer(&answer) {
                        let own = mark == marks::MARKS[place];
                        faults.expect(own, || format!("{method} tells {caller} of {mark}"));
                        told.insert((method.descriptor.name().to_owned(), place));
                    }
                }
            }
        }
        if method.admits(Role::Paralegal) {
            let nobodys = Caller::stranger(Role::Paralegal);
            for question in marks::questions(&method, &names) {
                let answer = world.told(&method, &nobodys, question.message).await;
                faults.expect(marks::in_answer(&answer).is_empty(), || {
                    format!("{method} tells a paralegal who was never asked of a firm's texts")
                });
            }
        }
    }
    // The marks are there to be found: each firm's people are told their own.
    for method in [
        "ListFirms",
        "GetFirm",
        "ListMatters",
        "GetMatter",
        "ListRequests",
        "GetRequest",
        "ListTasks",
        "GetTask",
        "ListComments",
        "ListRequestTemplates",
        "DownloadDocument",
        "ListTimeEntries",
        "ListInvoiceLines",
        "ExportInvoice",
    ] {
        for place in 0..marks::MARKS.len() {
            faults.expect(told.contains(&(method.to_owned(), place)), || {
                format!("{method} tells the people of firm {place} nothing of their own")
            });
        }
    }
    faults.none();
    world.stop().await;
}

/// Callers who may call the method, and to whom all the work of the world is somebody else's.
fn outsiders(method: &Method, world: &World) -> Vec<Caller> {
    Role::ALL
        .into_iter()
        .filter(|role| method.admits(*role))
        .filter_map(|role| match role {
            Role::FirmAdmin | Role::Attorney => Some(Caller::of_firm(role, world.bystander)),
            Role::Paralegal => Some(Caller::stranger(role)),
            _ => None,
        })
        .collect()
}

fn insiders_and_strangers(method: &Method, world: &World) -> Vec<Caller> {
    let mut callers = outsiders(method, world);
    for role in [Role::FirmAdmin, Role::Attorney] {
        if method.admits(role) {
            callers.push(Caller::of_firm(role, world.firm));
        }
    }
    if method.admits(Role::Paralegal) {
        callers.push(Caller::of_paralegal(world.paralegal));
    }
    callers
}

/// Calls a method on a resource of the firm at work, and on one that does not exist: both must be `NOT_FOUND`, and
/// their answers must be the same but for the names.
async fn theirs_is_like_absent(
    world: &World,
    names: &Names,
    method: &Method,
    caller: &Caller,
    faults: &mut Faults,
) {
    let Some(target) = method.target() else {
        return;
    };
    let reachable = names.of_pattern(&target.pattern, &caller.not_theirs(world));
    faults.expect(!reachable.is_empty(), || {
        format!(
            "{method}: the world has nothing like {} to try it on",
            target.pattern
        )
    });
    for theirs in reachable {
        let absent = names::absent_like(&theirs);
        let asked = Request::on(method, names, &target, &theirs);
        let asked_absent = Request::on(method, names, &target, &absent);
        let answer = world.call_as(method, caller, asked.message).await;
        let like_absent = world.call_as(method, caller, asked_absent.message).await;
        let same = say(&answer) == say(&like_absent);
        faults.expect(same, || {
            format!(
                "{method} as {caller} tells {theirs}, {}, from what does not exist, {}",
                outcome(&answer),
                outcome(&like_absent)
            )
        });
        let hidden = match &answer {
            Err(status) => {
                status.code() == Code::NotFound && reason(status) == "RESOURCE_NOT_FOUND"
            }
            // A paralegal may look at any firm, and sees there what is theirs: nothing.
            Ok(Some(list)) => {
                caller.paralegal.is_some() && method.is_list() && names::in_message(list).is_empty()
            }
            Ok(None) => false,
        };
        faults.expect(hidden, || {
            format!("{method} as {caller} on {theirs}: {}", outcome(&answer))
        });
    }
}

/// Calls a method on what is the caller's own, with a reference to what is another's: it must not be taken, and must
/// be answered as a reference to nothing is.
async fn references_to_theirs_are_like_absent(
    world: &World,
    names: &Names,
    method: &Method,
    caller: &Caller,
    faults: &mut Faults,
) {
    let own = Request::filled(method, names, caller);
    for reference in own.references() {
        for theirs in names.of_pattern(&reference.pattern, &caller.not_theirs(world)) {
            let absent = names::absent_like(&theirs);
            let asked = own.clone().with_target(&reference, &theirs);
            let asked_absent = own.clone().with_target(&reference, &absent);
            let answer = world.call_as(method, caller, asked.message).await;
            let like_absent = world.call_as(method, caller, asked_absent.message).await;
            let same = say(&answer) == say(&like_absent);
            faults.expect(same, || {
                format!(
                    "{method} as {caller} with {} {theirs}: {}; with one that does not exist: {}",
                    reference.path(),
                    outcome(&answer),
                    outcome(&like_absent)
                )
            });
            let taken = match &answer {
                // A list may be of nothing, and an update passes over what it does not change.
                Ok(Some(message)) => names::in_message(message).contains(&theirs),
                Ok(None) => true,
                Err(_) => false,
            };
            faults.expect(!taken, || {
                format!("{method} as {caller} takes {} {theirs}", reference.path())
            });
        }
    }
}

/// What an answer says, with all ids taken out, and what it shows.
fn say(
    answer: &Result<Option<prost_reflect::DynamicMessage>, Status>,
) -> (Code, String, String, BTreeSet<String>) {
    match answer {
        Ok(message) => {
            let shown = message.iter().flat_map(names::in_message).collect();
            (Code::Ok, String::new(), String::new(), shown)
        }
        Err(status) => {
            let text = names::without_ids(status.message());
            (status.code(), reason(status), text, BTreeSet::new())
        }
    }
}
