-- Matters, their ids in the firms' own systems, their parties, and every name in them as conflict checks compare it.
create table matters (
    firm_id uuid not null references firms,
    matter_id uuid not null,
    caption text not null check (caption <> ''),
    client_display_name text not null check (client_display_name <> ''),
    client_matter_number text not null,
    practice_area text not null,
    court text not null,
    docket_number text not null,
    jurisdiction text not null,
    -- Court and docket number brought to one form; empty unless both are known. Equal keys are one proceeding.
    proceeding_key text not null,
    closed boolean not null default false,
    version bigint not null default 1,
    create_time timestamptz not null default now(),
    update_time timestamptz not null default now(),
    primary key (firm_id, matter_id)
);

create index matters_by_age on matters (matter_id);

create table matter_external_ids (
    firm_id uuid not null,
    source text not null,
    external_id text not null,
    matter_id uuid not null,
    constraint matter_external_ids_taken primary key (firm_id, source, external_id),
    unique (firm_id, matter_id, source),
    foreign key (firm_id, matter_id) references matters
);

create table parties (
    firm_id uuid not null,
    party_id uuid not null,
    matter_id uuid not null,
    position integer not null,
    display_name text not null check (display_name <> ''),
    role text not null check (role in (
        'client', 'client_affiliate', 'adverse', 'adverse_affiliate', 'opposing_counsel', 'witness', 'expert',
        'adjudicator', 'other')),
    aliases text[] not null,
    constraint parties_taken primary key (firm_id, party_id),
    foreign key (firm_id, matter_id) references matters
);

create index parties_of_matter on parties (firm_id, matter_id, position);

-- One row a name: the client, every party, every alias. Kept by whoever writes the matter.
create table conflict_names (
    firm_id uuid not null,
    matter_id uuid not null,
    position integer not null,
    name text not null,
    role text not null,
    -- Whose side the name is on: names that match on opposite sides collide.
    side text not null check (side in ('client', 'adverse', 'neutral')),
    -- The name as it is compared.
    conflict_key text not null check (conflict_key <> ''),
    primary key (firm_id, matter_id, position),
    foreign key (firm_id, matter_id) references matters
);

create index conflict_names_by_key on conflict_names (conflict_key, side);

-- Paralegals who are kept off a matter, and the check that keeps them off it.
create table matter_screens (
    firm_id uuid not null,
    matter_id uuid not null,
    paralegal_id uuid not null,
    conflict_check_id uuid not null,
    primary key (firm_id, matter_id, paralegal_id),
    foreign key (firm_id, matter_id) references matters
);

alter table matters enable row level security;
alter table matters force row level security;
create policy matters_scope on matters to caseload_app
    using (app_sees_firm(firm_id)) with check (app_sees_firm(firm_id));

alter table matter_external_ids enable row level security;
alter table matter_external_ids force row level security;
create policy matter_external_ids_scope on matter_external_ids to caseload_app
    using (app_sees_firm(firm_id)) with check (app_sees_firm(firm_id));

alter table parties enable row level security;
alter table parties force row level security;
create policy parties_scope on parties to caseload_app
    using (app_sees_firm(firm_id)) with check (app_sees_firm(firm_id));

alter table conflict_names enable row level security;
alter table conflict_names force row level security;
create policy conflict_names_scope on conflict_names to caseload_app
    using (app_sees_firm(firm_id)) with check (app_sees_firm(firm_id));

alter table matter_screens enable row level security;
alter table matter_screens force row level security;
create policy matter_screens_scope on matter_screens to caseload_app
    using (app_sees_firm(firm_id)) with check (app_sees_firm(firm_id));

grant select, insert, update on matters to caseload_app;
grant select, insert, delete on matter_external_ids, parties, conflict_names, matter_screens to caseload_app;
