-- What timekeeping knows of the other services' facts, from their events. Rows are written by the projections alone.
-- Nothing here refers to anything by a foreign key: events of two services arrive in any order, and a replay starts
-- over from the first.

create table assignments (
    firm_id uuid not null,
    id uuid not null,
    task_id uuid not null,
    matter_id uuid not null,
    paralegal_id uuid not null,
    state text not null
        check (state in ('offered', 'accepted', 'completed', 'declined', 'expired', 'released')),
    -- From when to when it was the paralegal's; both null for an offer.
    accept_time timestamptz,
    end_time timestamptz,
    primary key (firm_id, id)
);

create index assignments_by_paralegal on assignments (paralegal_id, task_id);

alter table assignments enable row level security;
alter table assignments force row level security;
create policy assignments_scope on assignments to caseload_app
    using (app_sees_firm(firm_id) or paralegal_id = app_paralegal())
    with check (app_sees_firm(firm_id));

grant select, insert, update on assignments to caseload_app;

create table firms (
    firm_id uuid primary key,
    display_name text not null,
    code text not null,
    time_zone text not null,
    suspended boolean not null
);

alter table firms enable row level security;
alter table firms force row level security;
create policy firms_scope on firms to caseload_app
    using (
        app_sees_firm(firm_id)
        or exists (
            select from assignments a
            where a.firm_id = firms.firm_id and a.paralegal_id = app_paralegal()
        )
    )
    with check (app_sees_firm(firm_id));

grant select, insert, update on firms to caseload_app;

create table matters (
    firm_id uuid not null,
    id uuid not null,
    caption text not null,
    practice_area text not null,
    closed boolean not null,
    primary key (firm_id, id)
);

alter table matters enable row level security;
alter table matters force row level security;
create policy matters_scope on matters to caseload_app
    using (
        app_sees_firm(firm_id)
        or exists (
            select from assignments a
            where a.firm_id = matters.firm_id and a.matter_id = matters.id and a.paralegal_id = app_paralegal()
        )
    )
    with check (app_sees_firm(firm_id));

grant select, insert, update on matters to caseload_app;

create table tasks (
    firm_id uuid not null,
    id uuid not null,
    matter_id uuid not null,
    title text not null,
    kind text not null,
    -- Empty when none fits.
    utbms_task_code text not null,
    primary key (firm_id, id)
);

alter table tasks enable row level security;
alter table tasks force row level security;
create policy tasks_scope on tasks to caseload_app
    using (
        app_sees_firm(firm_id)
        or exists (
            select from assignments a
            where a.firm_id = tasks.firm_id and a.task_id = tasks.id and a.paralegal_id = app_paralegal()
        )
    )
    with check (app_sees_firm(firm_id));

grant select, insert, update on tasks to caseload_app;

-- Of no firm: what everybody who works with a paralegal may know. No policy holds a row to a scope, since work in any
-- scope locks the calendar and reads the zone of whoever did what it may see; no method shows these rows themselves.
create table paralegals (
    id uuid primary key,
    given_name text not null,
    family_name text not null,
    timekeeper_id text not null,
    time_zone text not null,
    active boolean not null
);

grant select, insert, update on paralegals to caseload_app;
