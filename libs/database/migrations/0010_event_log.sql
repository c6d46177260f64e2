-- The event log of this service, its head, and the cursors of what this service follows.
--
-- A writer inserts an event with seq null, in the transaction that makes it true. The sequencer numbers committed
-- events, densely and in the order of their ids. Readers follow seq, so that no late commit can slip behind them.

create table event_log (
    id bigint generated always as identity primary key,
    event_id uuid not null unique,
    -- The position: null until the sequencer has numbered the event; then it never changes.
    seq bigint unique check (seq > 0),
    -- The full name of the payload's message.
    type text not null check (type <> ''),
    -- Null for what belongs to no firm.
    firm_id uuid,
    aggregate text not null check (aggregate <> ''),
    actor text not null check (actor <> ''),
    -- The W3C trace context of the call that did it; empty when none was traced.
    traceparent text not null default '' check (length(traceparent) <= 55),
    occur_time timestamptz not null,
    -- What the feed cannot carry must not get in.
    payload bytea not null check (octet_length(payload) <= 1048576)
);

create index event_log_unnumbered on event_log (id) where seq is null;

-- One row: the last position given, and the epoch that positions belong to. Whoever restores the database from a
-- backup gives it a new epoch (update event_head set epoch = gen_random_uuid()), as its owner.
create table event_head (
    singleton boolean primary key default true check (singleton),
    seq bigint not null default 0 check (seq >= 0),
    epoch uuid not null default gen_random_uuid()
);

insert into event_head default values;

-- How far each subscription of this service has come in the log that it follows.
create table event_cursor (
    subscription text primary key check (subscription <> ''),
    -- The service whose log it is.
    source text not null check (source <> ''),
    seq bigint not null default 0 check (seq >= 0),
    -- The epoch of that log; null until the first event is taken in.
    epoch text check (epoch <> ''),
    update_time timestamptz not null default clock_timestamp()
);

alter table event_log enable row level security;
alter table event_log force row level security;

create policy event_log_append on event_log for insert to caseload_app
    with check (seq is null and app_records_for_firm(firm_id));

create policy event_log_read on event_log for select to caseload_app
    using (app_sees_firm(firm_id));

-- A numbered event is a fact: no one changes it.
create policy event_log_number on event_log for update to caseload_app
    using (seq is null and app_sees_firm(firm_id))
    with check (seq is not null);

create policy event_log_feed on event_log for select to caseload_feed
    using (seq is not null);

grant select, update (seq) on event_log to caseload_app;
grant insert (event_id, type, firm_id, aggregate, actor, traceparent, occur_time, payload) on event_log to caseload_app;
grant select, update (seq) on event_head to caseload_app;
grant select, insert, update (seq, epoch, update_time) on event_cursor to caseload_app;
grant select on event_log, event_head to caseload_feed;
