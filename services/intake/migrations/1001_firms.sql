-- Law firms, and the attorneys who supervise the work that they send out.
create table firms (
    firm_id uuid primary key,
    -- Unique in the suite, as firm_codes says.
    code text not null check (code ~ '^[A-Z0-9]{2,8}$'),
    display_name text not null check (display_name <> ''),
    legal_name text not null,
    time_zone text not null,
    currency text not null check (currency ~ '^[A-Z]{3}$'),
    contact_email text not null,
    suspended boolean not null default false,
    suspend_reason text not null default '' check (suspended = (suspend_reason <> '')),
    version bigint not null default 1,
    create_time timestamptz not null default now(),
    update_time timestamptz not null default now()
);

-- The codes that are taken. Whose each is, is not said here, so that the key that every firm shares tells a firm
-- nothing; and nobody reads it.
create table firm_codes (
    code text constraint firm_codes_taken primary key
);

create table supervising_attorneys (
    firm_id uuid not null references firms,
    attorney_id text not null,
    position integer not null,
    display_name text not null check (display_name <> ''),
    email text not null,
    bar_jurisdiction text not null,
    bar_number text not null,
    inactive boolean not null,
    primary key (firm_id, attorney_id)
);

alter table firms enable row level security;
alter table firms force row level security;
create policy firms_scope on firms to caseload_app
    using (app_sees_firm(firm_id)) with check (app_sees_firm(firm_id));

alter table supervising_attorneys enable row level security;
alter table supervising_attorneys force row level security;
create policy supervising_attorneys_scope on supervising_attorneys to caseload_app
    using (app_sees_firm(firm_id)) with check (app_sees_firm(firm_id));

grant select, insert, update on firms to caseload_app;
grant insert on firm_codes to caseload_app;
grant select, insert, update, delete on supervising_attorneys to caseload_app;
