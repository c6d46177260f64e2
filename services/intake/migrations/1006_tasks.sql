-- The pieces of work that requests hold, and who has each.
create table tasks (
    firm_id uuid not null references firms,
    task_id uuid not null,
    request_id uuid not null,
    matter_id uuid not null,
    title text not null check (title <> ''),
    instructions text not null,
    kind text not null check (kind in (
        'legal_research', 'drafting_and_review', 'case_management', 'filing', 'trial_preparation',
        'client_communication')),
    practice_area text not null,
    -- [{"practice_area": text or null, "kind": text or null, "level": 1 to 5}]
    required_skills jsonb not null,
    effort_seconds bigint not null check (effort_seconds > 0),
    priority text not null check (priority in ('low', 'normal', 'high', 'urgent')),
    earliest_start_time timestamptz,
    due_time timestamptz not null check (due_time > earliest_start_time),
    pricing_model text not null check (pricing_model in ('hourly', 'project')),
    currency text not null,
    hourly_rate numeric(12, 4) check (hourly_rate is null or hourly_rate >= 0 and pricing_model = 'hourly'),
    hourly_cap_minor bigint check (hourly_cap_minor is null or hourly_cap_minor > 0 and pricing_model = 'hourly'),
    project_fee_minor bigint check (project_fee_minor > 0),
    -- [{"id": text, "title": text, "fee_minor": integer}]
    milestones jsonb not null,
    utbms_task_code text not null,
    budget_effort_seconds bigint check (budget_effort_seconds > 0),
    budget_amount_minor bigint check (budget_amount_minor > 0),
    budget_notice_percents integer[] not null,
    jurisdiction text not null,
    language_code text not null,
    required_certification text not null,
    -- Tasks of the same request. They are checked when they are written, under the request's lock; tasks are never removed.
    depends_on uuid[] not null,
    state text not null check (state in (
        'pending', 'open', 'assigned', 'in_progress', 'delivered', 'revision_requested', 'accepted', 'on_hold',
        'cancelled')),
    -- The state that a task on hold would be in.
    held_state text check (held_state in ('open', 'assigned', 'in_progress', 'revision_requested')),
    hold_reason text not null default '',
    cancel_reason text not null default '',
    -- Who has it, offered or accepted, as assignment's events say.
    assignment_id uuid,
    paralegal_id uuid,
    version bigint not null default 1,
    create_time timestamptz not null default now(),
    update_time timestamptz not null default now(),
    primary key (firm_id, task_id),
    foreign key (firm_id, request_id) references requests,
    foreign key (firm_id, matter_id) references matters,
    check ((pricing_model = 'project') = (project_fee_minor is not null)),
    check ((state = 'on_hold') = (held_state is not null)),
    check ((assignment_id is null) = (paralegal_id is null))
);

create index tasks_of_request on tasks (firm_id, request_id, task_id);
create index tasks_of_matter on tasks (firm_id, matter_id, task_id);
create index tasks_by_state on tasks (firm_id, state, task_id);
create index tasks_by_due_time on tasks (firm_id, due_time);
create index tasks_of_paralegal on tasks (paralegal_id, task_id);
create index tasks_by_age on tasks (task_id);

alter table tasks enable row level security;
alter table tasks force row level security;
create policy tasks_scope on tasks to caseload_app
    using (app_sees_firm(firm_id) or paralegal_id = app_paralegal())
    with check (app_sees_firm(firm_id));

grant select, insert, update on tasks to caseload_app;
