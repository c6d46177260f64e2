-- What was answered to a request that its caller may send again (AIP-155). The row is claimed and answered in the
-- transaction that does the work, so it is there if, and only if, the work is.
create table retry (
    -- The nil UUID for callers of no firm, whose rows only the scope of every firm sees.
    firm_id uuid not null,
    -- The token's subject.
    principal text not null,
    -- The full name of the method.
    method text not null,
    request_id uuid not null,
    -- SHA-256 of the request.
    fingerprint bytea not null check (octet_length(fingerprint) = 32),
    -- The encoded answer; empty until the work is done, which no other transaction can see.
    answer bytea not null default '',
    create_time timestamptz not null default now(),
    primary key (firm_id, principal, method, request_id)
);

create index retry_by_age on retry (create_time);

alter table retry enable row level security;
alter table retry force row level security;
create policy retry_scope on retry to caseload_app
    using (app_sees_firm(firm_id)) with check (app_sees_firm(firm_id));

grant select, insert, delete on retry to caseload_app;
grant update (answer) on retry to caseload_app;
