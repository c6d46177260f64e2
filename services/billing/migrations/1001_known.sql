-- What billing keeps of the other services' facts. Events of two services come in any order, so nothing here points
-- from what one source says to what another says.

-- From intake.
create table known_firms (
    firm_id uuid primary key,
    display_name text not null,
    code text not null,
    time_zone text not null,
    currency text not null
);

create table known_matters (
    firm_id uuid not null,
    matter_id uuid not null,
    -- 1, 2, 3 within the firm, in the order in which billing heard of them: the vendor's short id of the matter.
    number integer not null check (number > 0),
    caption text not null,
    client_matter_number text not null,
    primary key (firm_id, matter_id),
    unique (firm_id, number)
);

create table known_tasks (
    firm_id uuid not null,
    task_id uuid not null,
    matter_id uuid not null,
    title text not null,
    kind text not null,
    practice_area text not null,
    utbms_task_code text not null,
    pricing text not null check (pricing in ('hourly', 'project')),
    -- Hourly: the rate agreed for the task alone and the most that it may cost, where there are any.
    rate numeric(12, 4) check (rate >= 0),
    rate_currency text,
    cap_minor bigint check (cap_minor >= 0),
    cap_currency text,
    -- Project: the fee and its parts, as [{"id", "title", "minor"}] in the fee's currency.
    fee_minor bigint check (fee_minor >= 0),
    fee_currency text,
    milestones jsonb not null default '[]',
    primary key (firm_id, task_id),
    check ((rate is null) = (rate_currency is null)),
    check ((cap_minor is null) = (cap_currency is null)),
    check ((fee_minor is null) = (fee_currency is null)),
    check ((pricing = 'project') = (fee_minor is not null))
);

-- From assignment. Who a paralegal is belongs to no firm, so no policy holds a row to one: work in any scope prices by
-- and names whoever did what it may see, and no method shows a paralegal but with that work.
create table known_paralegals (
    paralegal_id uuid primary key,
    given_name text not null,
    family_name text not null,
    timekeeper_id text not null,
    time_zone text not null,
    level integer not null check (level between 0 and 5)
);

-- What is paid is no firm's to see: not even a unit of work in the firm's scope reads it.
create table known_pay_terms (
    firm_id uuid not null,
    assignment_id uuid not null,
    paralegal_id uuid not null,
    task_id uuid not null,
    hourly_pay numeric(12, 4) check (hourly_pay >= 0),
    fee_minor bigint check (fee_minor >= 0),
    currency text not null,
    primary key (firm_id, assignment_id),
    check ((hourly_pay is null) <> (fee_minor is null))
);

alter table known_firms enable row level security;
alter table known_firms force row level security;
create policy known_firms_scope on known_firms to caseload_app
    using (app_sees_firm(firm_id)) with check (app_sees_firm(firm_id));

alter table known_matters enable row level security;
alter table known_matters force row level security;
create policy known_matters_scope on known_matters to caseload_app
    using (app_sees_firm(firm_id)) with check (app_sees_firm(firm_id));

alter table known_tasks enable row level security;
alter table known_tasks force row level security;
create policy known_tasks_scope on known_tasks to caseload_app
    using (app_sees_firm(firm_id)) with check (app_sees_firm(firm_id));

alter table known_pay_terms enable row level security;
alter table known_pay_terms force row level security;
create policy known_pay_terms_scope on known_pay_terms to caseload_app
    using (app_sees_firm(firm_id) and current_setting('app.firm_id') = '*')
    with check (app_sees_firm(firm_id) and current_setting('app.firm_id') = '*');

grant select, insert, update on known_firms, known_matters, known_tasks, known_paralegals, known_pay_terms
    to caseload_app;
