-- Plans of who should do what, as they were proposed.
create table plans (
    plan_id uuid primary key,
    version bigint not null default 1,
    state text not null check (state in ('proposed', 'applied')),
    -- What was asked for: the contract's PlanSpec, encoded.
    spec bytea not null,
    currency text not null,
    assignment_count integer not null,
    unplaced_count integer not null,
    pay_minor bigint not null,
    lateness_minor bigint not null,
    load_minor bigint not null,
    over_qualification_minor bigint not null,
    penalty_minor bigint not null,
    lower_bound_minor bigint not null,
    solve_microseconds bigint not null,
    create_time timestamptz not null,
    apply_time timestamptz,
    check ((state = 'applied') = (apply_time is not null))
);

create table plan_assignments (
    plan_id uuid not null references plans,
    firm_id uuid not null,
    task_id uuid not null,
    matter_id uuid not null,
    paralegal_id uuid not null references paralegals,
    effort_seconds bigint not null,
    hourly_rate numeric(12, 4),
    project_fee_minor bigint,
    pay_minor bigint not null,
    lateness_minor bigint not null,
    load_minor bigint not null,
    over_qualification_minor bigint not null,
    -- The versions that the plan rests on.
    task_version bigint not null,
    matter_version bigint not null,
    paralegal_version bigint not null,
    -- What became of it when the plan was applied.
    assignment_id uuid,
    primary key (firm_id, task_id, plan_id),
    check ((hourly_rate is null) <> (project_fee_minor is null))
);

create table plan_unplaced_tasks (
    plan_id uuid not null references plans,
    firm_id uuid not null,
    task_id uuid not null,
    reason text not null check (reason in ('nobody_eligible', 'no_room', 'too_costly')),
    penalty_minor bigint not null,
    -- [["skill", 12], …]: how many paralegals each rule excludes, the most first.
    exclusion_counts jsonb not null,
    primary key (firm_id, task_id, plan_id)
);

create index plan_assignments_of_plan on plan_assignments (plan_id);
create index plan_unplaced_tasks_of_plan on plan_unplaced_tasks (plan_id);

grant select, insert, update on plans, plan_assignments to caseload_app;
grant select, insert on plan_unplaced_tasks to caseload_app;
