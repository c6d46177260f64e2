//! One service process: configuration, telemetry, server, health, drain, deadlines, channels.
