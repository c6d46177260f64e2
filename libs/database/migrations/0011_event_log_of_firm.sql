-- One firm's events in their order, for those who watch it (caseload_events::FirmEvents).
create index event_log_of_firm on event_log (firm_id, seq) where seq is not null;
