-- What the firms' clients have consented to. A consent is a fact: it is revoked, never changed or removed.
create table consents (
    firm_id uuid not null references firms,
    consent_id uuid not null,
    granted_by text not null check (granted_by <> ''),
    grant_date date not null,
    expire_date date check (expire_date >= grant_date),
    reach text not null check (reach in ('all_matters', 'client', 'matter')),
    client_display_name text check ((reach = 'client') = (client_display_name is not null)),
    matter_id uuid check ((reach = 'matter') = (matter_id is not null)),
    note text not null,
    recorded_by text not null,
    record_time timestamptz not null default now(),
    revoke_time timestamptz,
    primary key (firm_id, consent_id),
    constraint consents_matter foreign key (firm_id, matter_id) references matters
);

alter table consents enable row level security;
alter table consents force row level security;
create policy consents_scope on consents to caseload_app
    using (app_sees_firm(firm_id)) with check (app_sees_firm(firm_id));

grant select, insert, update (revoke_time) on consents to caseload_app;
