-- Work that was handed over, and what the firm said to it. An accepted delivery is a fact.
create table deliveries (
    firm_id uuid not null references firms,
    delivery_id uuid not null,
    task_id uuid not null,
    matter_id uuid not null,
    paralegal_id uuid not null,
    assignment_id uuid not null,
    -- Null: the whole task.
    milestone_id text,
    note text not null check (note <> ''),
    state text not null check (state in ('submitted', 'revision_requested', 'accepted')),
    completes_task boolean not null,
    revision_reason text not null default '',
    reviewed_by text not null default '',
    review_time timestamptz,
    version bigint not null default 1,
    create_time timestamptz not null default now(),
    update_time timestamptz not null default now(),
    primary key (firm_id, delivery_id),
    foreign key (firm_id, task_id) references tasks,
    foreign key (firm_id, matter_id) references matters
);

-- One delivery of a task waits at a time, and each part is accepted once.
create unique index deliveries_waiting on deliveries (firm_id, task_id) where state = 'submitted';
create unique index deliveries_accepted on deliveries (firm_id, task_id, coalesce(milestone_id, ''))
    where state = 'accepted';
create index deliveries_of_task on deliveries (firm_id, task_id, delivery_id);
create index deliveries_of_paralegal on deliveries (paralegal_id, delivery_id);
create index deliveries_by_age on deliveries (delivery_id);

alter table deliveries enable row level security;
alter table deliveries force row level security;
create policy deliveries_scope on deliveries to caseload_app
    using (app_sees_firm(firm_id) or paralegal_id = app_paralegal())
    with check (app_sees_firm(firm_id));

grant select, insert, update on deliveries to caseload_app;
