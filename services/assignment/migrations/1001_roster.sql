-- The roster: who the paralegals are, what they can do, how much they take on and what they are paid.
create table paralegals (
    paralegal_id uuid primary key,
    version bigint not null default 1,
    given_name text not null check (given_name <> ''),
    family_name text not null check (family_name <> ''),
    -- The identifier on invoices.
    timekeeper_id text not null check (timekeeper_id ~ '^[A-Z0-9-]{1,20}$'),
    time_zone text not null,
    active boolean not null default true,
    jurisdictions text[] not null,
    language_codes text[] not null,
    certifications text[] not null,
    weekly_capacity_seconds bigint not null check (weekly_capacity_seconds between 1 and 288000),
    task_limit integer not null check (task_limit between 1 and 1000),
    create_time timestamptz not null,
    update_time timestamptz not null,
    constraint paralegals_timekeeper_id unique (timekeeper_id)
);

create table paralegal_skills (
    paralegal_id uuid not null references paralegals,
    -- Empty: any area.
    practice_area text not null,
    -- Empty: any kind.
    kind text not null,
    level smallint not null check (level between 1 and 5),
    primary key (paralegal_id, practice_area, kind)
);

-- Pay stands apart from the person, so that a firm, which sees who works for it, can't see it.
create table paralegal_pay (
    paralegal_id uuid primary key references paralegals,
    currency text not null,
    -- Null: paid by the project alone.
    hourly_rate numeric(12, 4) check (hourly_rate > 0)
);

create table paralegal_project_pay (
    paralegal_id uuid not null references paralegals,
    kind text not null check (kind <> ''),
    fee_minor bigint not null check (fee_minor > 0),
    primary key (paralegal_id, kind)
);

grant select, insert, update on paralegals, paralegal_pay to caseload_app;
grant select, insert, update, delete on paralegal_skills, paralegal_project_pay to caseload_app;
