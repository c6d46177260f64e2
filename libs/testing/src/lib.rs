//! What tests share: databases from a template, running services, tokens.
