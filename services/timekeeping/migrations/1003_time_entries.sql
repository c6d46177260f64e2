-- Time worked. A running timer is an entry without an end; it holds all the time from its start, so that nothing
-- that is recorded meanwhile can keep it from being stopped.

-- For the exclusion constraint below. Trusted: the database's owner may create it.
create extension if not exists btree_gist;

create table time_entries (
    firm_id uuid not null,
    id uuid not null,
    paralegal_id uuid not null,
    assignment_id uuid not null,
    task_id uuid not null,
    matter_id uuid not null,

    start_time timestamptz not null,
    -- Null while the timer runs.
    end_time timestamptz,
    span tstzrange not null generated always as (tstzrange(start_time, end_time, '[)')) stored,
    -- The raw time: the whole seconds from start to end.
    worked_seconds integer,
    -- The day in the paralegal's zone when work began, and that zone.
    work_date date not null,
    time_zone text not null,
    -- The time billed, and the rule that made it of the time worked.
    billed_seconds integer,
    increment_seconds integer,
    increment_rounding text check (increment_rounding in ('up', 'down', 'nearest', 'exact')),

    narrative text not null check (length(narrative) <= 2000),
    utbms_task_code text not null,
    utbms_activity_code text not null,
    non_billable boolean not null,
    non_billable_reason text not null check (length(non_billable_reason) <= 500),

    state text not null
        check (state in ('running', 'draft', 'submitted', 'approved', 'rejected', 'reversed')),
    source text not null check (source in ('manual', 'timer', 'replacement')),
    stopped_at_limit boolean not null default false,
    create_actor text not null,
    submit_actor text,
    submit_time timestamptz,
    reviewer text,
    review_time timestamptz,
    review_approved boolean,
    review_reason text,
    reverse_actor text,
    reverse_time timestamptz,
    reverse_reason text,
    replacement_id uuid,
    replaces_id uuid,

    version bigint not null default 1,
    create_time timestamptz not null default now(),
    update_time timestamptz not null default now(),

    primary key (firm_id, id),
    foreign key (firm_id, replacement_id) references time_entries (firm_id, id) deferrable initially deferred,
    foreign key (firm_id, replaces_id) references time_entries (firm_id, id),

    constraint time_entries_whole check (
        state = 'running' and source = 'timer'
            and num_nulls(end_time, worked_seconds, billed_seconds, increment_seconds, increment_rounding) = 5
        or state <> 'running'
            and num_nulls(end_time, worked_seconds, billed_seconds, increment_seconds, increment_rounding) = 0
    ),
    constraint time_entries_end check (end_time >= start_time),
    constraint time_entries_worked check (
        worked_seconds = floor(extract(epoch from end_time - start_time)) and worked_seconds between 0 and 86400
    ),
    constraint time_entries_billed check (billed_seconds >= 0 and (not non_billable or billed_seconds = 0)),
    constraint time_entries_reason check (non_billable = (non_billable_reason <> '')),
    constraint time_entries_submitted check (
        state in ('running', 'draft')
        or submit_actor is not null and submit_time is not null and narrative <> '' and worked_seconds > 0
    ),
    constraint time_entries_reviewed check (
        state not in ('approved', 'rejected', 'reversed')
        or reviewer is not null and review_time is not null
            and review_approved = (state <> 'rejected') and review_approved = (review_reason = '')
    ),
    constraint time_entries_reversed check (
        (state = 'reversed') = (reverse_actor is not null)
        and num_nulls(reverse_actor, reverse_time, reverse_reason) in (0, 3)
        and (replacement_id is null or state = 'reversed')
    ),

    -- One person works on one thing at a time, whatever the firms: no two entries of a paralegal overlap. Entries
    -- that touch do not, for the end is not part of the span. Every state holds its time except one: a rejected
    -- entry is still the paralegal's to put right, but a reversed one no longer counts, and another may take its place.
    constraint time_entries_apart exclude using gist (paralegal_id with =, span with &&) where (state <> 'reversed')
);

-- One timer a paralegal, in whatever firm. The constraint above sees to it too; this one says what was wrong.
create unique index time_entries_one_timer on time_entries (paralegal_id) where state = 'running';

-- The lists: the latest first, of a firm, of a paralegal, of everybody.
create index time_entries_by_firm on time_entries (firm_id, start_time desc, id desc);
create index time_entries_by_paralegal on time_entries (paralegal_id, start_time desc, id desc);
create index time_entries_by_start on time_entries (start_time desc, id desc);
create index time_entries_by_task on time_entries (firm_id, task_id, start_time desc, id desc);
create index time_entries_by_matter on time_entries (firm_id, matter_id, start_time desc, id desc);
-- What waits for a reviewer.
create index time_entries_submitted on time_entries (start_time desc, id desc) where state = 'submitted';

alter table time_entries enable row level security;
alter table time_entries force row level security;
create policy time_entries_scope on time_entries to caseload_app
    using (app_sees_firm(firm_id) or paralegal_id = app_paralegal())
    with check (app_sees_firm(firm_id) or paralegal_id = app_paralegal());

grant select, insert, update, delete on time_entries to caseload_app;
