-- Checks of a matter against the matters of all other firms. A matter has at most one that counts; those before it
-- are superseded.
create table conflict_checks (
    firm_id uuid not null,
    conflict_check_id uuid not null,
    matter_id uuid not null,
    state text not null check (state in ('under_review', 'clear', 'waived', 'blocked', 'superseded')),
    result text not null check (result in ('clear', 'possible', 'blocked')),
    -- When an officer decided; null where nobody did.
    resolve_time timestamptz,
    -- When the waiver of a check in the state waived ends; null where it does not.
    waiver_expire_time timestamptz,
    version bigint not null default 1,
    create_time timestamptz not null default now(),
    update_time timestamptz not null default now(),
    primary key (firm_id, conflict_check_id),
    foreign key (firm_id, matter_id) references matters
);

create unique index conflict_checks_current on conflict_checks (firm_id, matter_id) where state <> 'superseded';

create index conflict_checks_by_state on conflict_checks (state, conflict_check_id);

-- With whom. The row is about two firms, so no firm's scope shows it: only the scope of every firm does.
create table conflict_collisions (
    firm_id uuid not null,
    conflict_check_id uuid not null,
    position integer not null,
    party_name text not null,
    party_role text not null,
    other_firm_id uuid not null,
    other_matter_id uuid not null,
    other_name text not null,
    other_role text not null,
    same_proceeding boolean not null,
    primary key (firm_id, conflict_check_id, position),
    foreign key (firm_id, conflict_check_id) references conflict_checks
);

create index conflict_collisions_of_other on conflict_collisions (other_firm_id, other_matter_id);

-- What officers decided and why, each decision a row of its own. The reason may name the other firm, so it is shown
-- like a collision.
create table conflict_resolutions (
    firm_id uuid not null,
    conflict_check_id uuid not null,
    -- 1, 2, 3: the last one holds.
    position integer not null,
    decision text not null check (decision in ('clear', 'waive', 'block')),
    reason text not null check (reason <> ''),
    resolved_by text not null,
    resolve_time timestamptz not null,
    waiver_scope text check ((decision = 'waive') = (waiver_scope is not null)),
    waiver_expire_time timestamptz,
    screened_paralegals uuid[] not null,
    primary key (firm_id, conflict_check_id, position),
    foreign key (firm_id, conflict_check_id) references conflict_checks
);

alter table conflict_checks enable row level security;
alter table conflict_checks force row level security;
create policy conflict_checks_scope on conflict_checks to caseload_app
    using (app_sees_firm(firm_id)) with check (app_sees_firm(firm_id));

alter table conflict_collisions enable row level security;
alter table conflict_collisions force row level security;
create policy conflict_collisions_scope on conflict_collisions to caseload_app
    using (app_sees_firm(null)) with check (app_sees_firm(null));

alter table conflict_resolutions enable row level security;
alter table conflict_resolutions force row level security;
create policy conflict_resolutions_scope on conflict_resolutions to caseload_app
    using (app_sees_firm(null)) with check (app_sees_firm(null));

grant select, insert, update on conflict_checks to caseload_app;
grant select, insert on conflict_collisions, conflict_resolutions to caseload_app;
