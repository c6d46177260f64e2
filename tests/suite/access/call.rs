//! Calling a method that is known by its descriptor alone.

use std::time::Duration;

use prost_reflect::prost::Message as _;
use prost_reflect::{DynamicMessage, MessageDescriptor};
use tonic::codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};
use tonic::codegen::http::uri::PathAndQuery;
use tonic::transport::Channel;
use tonic::{Request, Status, Streaming};

use super::methods::Method;

/// How long a stream that was begun may say nothing until it counts as one that waits for what is to come.
const QUIET: Duration = Duration::from_millis(500);

/// Calls a method. A stream of requests is the one message; of a stream of answers, the first messages are the answer,
/// at most so many, and fewer when it ends before or waits for what is to come.
pub(crate) async fn call(
    channel: &Channel,
    method: &Method,
    token: Option<&str>,
    message: DynamicMessage,
    most: usize,
) -> Result<Vec<DynamicMessage>, Status> {
    let path: PathAndQuery = method.path().parse().unwrap();
    let codec = Dynamic(method.descriptor.output());
    let mut client = tonic::client::Grpc::new(channel.clone());
    client
        .ready()
        .await
        .map_err(|error| Status::unavailable(error.to_string()))?;
    let one = futures::stream::iter([message.clone()]);
    match (
        method.descriptor.is_client_streaming(),
        method.descriptor.is_server_streaming(),
    ) {
        (false, false) => {
            let answer = client.unary(with(token, message), path, codec).await?;
            Ok(vec![answer.into_inner()])
        }
        (true, false) => {
            let answer = client.client_streaming(with(token, one), path, codec);
            Ok(vec![answer.await?.into_inner()])
        }
        (false, true) => {
            let answer = client.server_streaming(with(token, message), path, codec);
            first(answer.await?.into_inner(), most).await
        }
        (true, true) => {
            let answer = client.streaming(with(token, one), path, codec);
            first(answer.await?.into_inner(), most).await
        }
    }
}

/// A request with a token, where there is one.
fn with<T>(token: Option<&str>, message: T) -> Request<T> {
    let mut request = Request::new(message);
    if let Some(token) = token {
        let value = format!("Bearer {token}").parse().unwrap();
        request.metadata_mut().insert("authorization", value);
    }
    request
}

async fn first(
    mut stream: Streaming<DynamicMessage>,
    most: usize,
) -> Result<Vec<DynamicMessage>, Status> {
    let mut messages = Vec::new();
    while messages.len() < most {
        match tokio::time::timeout(QUIET, stream.message()).await {
            Ok(Ok(Some(message))) => messages.push(message),
            Ok(Err(status)) => return Err(status),
            Ok(Ok(None)) | Err(_) => break,
        }
    }
    Ok(messages)
}

/// Messages of which only the descriptors are known.
#[derive(Clone)]
struct Dynamic(MessageDescriptor);

impl Codec for Dynamic {
    type Encode = DynamicMessage;
    type Decode = DynamicMessage;
    type Encoder = Self;
    type Decoder = Self;

    fn encoder(&mut self) -> Self {
        self.clone()
    }

    fn decoder(&mut self) -> Self {
        self.clone()
    }
}

impl Encoder for Dynamic {
    type Item = DynamicMessage;
    type Error = Status;

    fn encode(&mut self, message: DynamicMessage, into: &mut EncodeBuf<'_>) -> Result<(), Status> {
        message
            .encode(into)
            .map_err(|error| Status::internal(error.to_string()))
    }
}

impl Decoder for Dynamic {
    type Item = DynamicMessage;
    type Error = Status;

    fn decode(&mut self, from: &mut DecodeBuf<'_>) -> Result<Option<DynamicMessage>, Status> {
        DynamicMessage::decode(self.0.clone(), from)
            .map(Some)
            .map_err(|error| Status::internal(error.to_string()))
    }
}
