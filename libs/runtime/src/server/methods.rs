//! Which methods there are, and which of them take or answer a stream.

use std::collections::HashMap;

/// A method as logs, metrics and deadlines see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Method {
    /// `caseload.intake.v1.FirmService/GetFirm`, or [`Method::UNKNOWN`]'s.
    pub(crate) name: &'static str,
    /// Whether it takes or answers a stream.
    pub(crate) streams: bool,
}

impl Method {
    /// Whatever is called that there is not. One name for all, so that nobody can fill the metrics with names.
    pub(crate) const UNKNOWN: Self = Self {
        name: "_OTHER",
        streams: false,
    };
}

/// Methods by the paths under which they are called.
#[derive(Debug)]
pub(crate) struct Methods(HashMap<&'static str, Method>);

/// Methods that are in nobody's contracts but ours to serve.
const OTHERS: [(&str, bool); 5] = [
    ("grpc.health.v1.Health/Check", false),
    ("grpc.health.v1.Health/List", false),
    ("grpc.health.v1.Health/Watch", true),
    (
        "grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
        true,
    ),
    (
        "grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
        true,
    ),
];

impl Methods {
    /// Every method of every contract.
    pub(crate) fn from_contracts() -> Self {
        static TABLE: std::sync::LazyLock<Vec<(String, bool)>> = std::sync::LazyLock::new(|| {
            caseload_proto::descriptors()
                .services()
                .flat_map(|service| {
                    service
                        .methods()
                        .map(|method| {
                            let name = format!("{}/{}", service.full_name(), method.name());
                            (
                                name,
                                method.is_server_streaming() || method.is_client_streaming(),
                            )
                        })
                        .collect::<Vec<_>>()
                })
                .collect()
        });
        let ours = TABLE
            .iter()
            .map(|(name, streams)| (name.as_str(), *streams));
        Self(
            ours.chain(OTHERS)
                .map(|(name, streams)| (name, Method { name, streams }))
                .collect(),
        )
    }

    /// The method that is called under a path.
    pub(crate) fn of(&self, path: &str) -> Method {
        path.strip_prefix('/')
            .and_then(|name| self.0.get(name))
            .copied()
            .unwrap_or(Method::UNKNOWN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_streaming_method_is_told_from_a_plain_one() {
        let methods = Methods::from_contracts();
        assert!(methods.of("/grpc.health.v1.Health/Watch").streams);
        assert!(!methods.of("/grpc.health.v1.Health/Check").streams);
        let feed = methods.of("/caseload.events.v1.EventService/FollowEvents");
        assert_ne!(feed, Method::UNKNOWN);
        assert!(feed.streams);
    }

    #[test]
    fn whatever_is_not_a_method_has_one_name() {
        let methods = Methods::from_contracts();
        for path in ["", "/", "/x/y", "//grpc.health.v1.Health/Check"] {
            assert_eq!(methods.of(path), Method::UNKNOWN, "{path}");
        }
    }
}
