-- Tasks offered to paralegals, and what became of it.
create table assignments (
    firm_id uuid not null,
    assignment_id uuid not null,
    version bigint not null default 1,
    task_id uuid not null,
    matter_id uuid not null,
    paralegal_id uuid not null references paralegals,
    state text not null check (state in ('offered', 'accepted', 'completed', 'declined', 'expired', 'released')),
    offer_time timestamptz not null,
    answer_by_time timestamptz not null,
    accept_time timestamptz,
    end_time timestamptz,
    -- Why it was declined or released; empty otherwise.
    end_reason text not null default '',
    update_time timestamptz not null,
    primary key (firm_id, assignment_id),
    check (answer_by_time > offer_time),
    check (accept_time is not null or state not in ('accepted', 'completed')),
    check ((end_time is null) = (state in ('offered', 'accepted')))
);

-- A task has at most one live assignment, whatever races.
create unique index assignments_live on assignments (firm_id, task_id) where state in ('offered', 'accepted');
create index assignments_of_task on assignments (firm_id, task_id, assignment_id);
create index assignments_of_matter on assignments (firm_id, matter_id, assignment_id);
create index assignments_of_paralegal on assignments (paralegal_id, assignment_id);
-- Every firm's, the newest first.
create index assignments_by_age on assignments (assignment_id);
-- What the expiry sweep looks at.
create index assignments_to_expire on assignments (answer_by_time) where state = 'offered';

-- What the paralegal is paid and what the choice cost, apart from what a firm sees.
create table assignment_terms (
    firm_id uuid not null,
    assignment_id uuid not null,
    paralegal_id uuid not null,
    -- By hand: null.
    plan_id uuid references plans,
    effort_seconds bigint not null check (effort_seconds >= 0),
    currency text not null,
    hourly_rate numeric(12, 4),
    project_fee_minor bigint,
    pay_minor bigint not null,
    lateness_minor bigint not null,
    load_minor bigint not null,
    over_qualification_minor bigint not null,
    primary key (firm_id, assignment_id),
    foreign key (firm_id, assignment_id) references assignments (firm_id, assignment_id),
    check ((hourly_rate is null) <> (project_fee_minor is null))
);

grant select, insert, update on assignments to caseload_app;
grant select, insert on assignment_terms to caseload_app;
