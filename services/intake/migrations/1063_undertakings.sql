-- Confidentiality undertakings that paralegals have signed towards firms. An undertaking is a fact: it is revoked, never
-- changed or removed.
create table undertakings (
    firm_id uuid not null references firms,
    undertaking_id uuid not null,
    paralegal_id uuid not null,
    -- Null: every matter of the firm.
    matter_id uuid,
    sign_date date not null,
    expire_date date check (expire_date >= sign_date),
    document_reference text not null,
    note text not null,
    recorded_by text not null,
    revoke_time timestamptz,
    revoked_by text not null default '' check ((revoked_by = '') = (revoke_time is null)),
    revoke_reason text not null default '' check ((revoke_reason = '') = (revoke_time is null)),
    version bigint not null default 1,
    create_time timestamptz not null default now(),
    primary key (firm_id, undertaking_id),
    foreign key (firm_id, matter_id) references matters
);

create index undertakings_by_age on undertakings (undertaking_id);
create index undertakings_of_paralegal on undertakings (paralegal_id, undertaking_id);

alter table undertakings enable row level security;
alter table undertakings force row level security;
create policy undertakings_scope on undertakings to caseload_app
    using (app_sees_firm(firm_id)) with check (app_sees_firm(firm_id));

grant select, insert, update (revoke_time, revoked_by, revoke_reason, version) on undertakings to caseload_app;
