-- What intake's events tell of firms, matters and tasks. No foreign keys: events may be taken in from the beginning
-- again, and what they lead to is the same.
create table firms (
    firm_id uuid primary key,
    suspended boolean not null
);

create table matters (
    firm_id uuid not null,
    matter_id uuid not null,
    -- Grows when a fact that plans rest on changes.
    version bigint not null default 1,
    -- The paralegals who are screened off the matter, ascending.
    screened_paralegals uuid[] not null,
    primary key (firm_id, matter_id)
);

create table tasks (
    firm_id uuid not null,
    task_id uuid not null,
    -- Grows when a fact that plans rest on changes; the state is not one of them.
    version bigint not null default 1,
    matter_id uuid not null,
    title text not null,
    kind text not null,
    practice_area text not null,
    -- [{"practice_area": "", "kind": "", "level": 3}, …]
    required_skills jsonb not null,
    effort_seconds bigint not null check (effort_seconds >= 0),
    priority text not null,
    earliest_start_time timestamptz,
    due_time timestamptz,
    -- Empty: any.
    jurisdiction text not null,
    language_code text not null,
    -- Empty: none.
    required_certification text not null,
    priced_by_project boolean not null,
    -- Where intake says that it stands.
    state text not null check (state in ('pending', 'open', 'assigned', 'in_progress', 'delivered',
        'revision_requested', 'accepted', 'on_hold', 'cancelled')),
    primary key (firm_id, task_id)
);

-- What a plan over everything looks at.
create index tasks_assignable on tasks (firm_id, task_id) where state in ('open', 'assigned', 'in_progress');

grant select, insert, update on firms, matters, tasks to caseload_app;
