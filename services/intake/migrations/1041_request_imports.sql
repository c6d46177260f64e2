-- Imports of requests, and how far each is.
create table request_imports (
    firm_id uuid not null references firms,
    request_import_id uuid not null,
    -- The caller's subject, and the id under which they take it up again.
    principal text not null,
    request_id uuid not null,
    mode text not null check (mode in ('keep_good_rows', 'all_or_nothing')),
    format text not null check (format in ('csv', 'rows')),
    -- An import that is running and that nobody holds the lease of is interrupted.
    state text not null default 'running' check (state in ('running', 'succeeded', 'failed')),
    -- The digest of the CSV's header row; none before it was read.
    head bytea,
    rows_read bigint not null default 0,
    rows_refused bigint not null default 0,
    requests_created bigint not null default 0,
    tasks_created bigint not null default 0,
    error_count bigint not null default 0,
    last_line bigint not null default 0,
    -- How many parts are done.
    spans integer not null default 0,
    create_time timestamptz not null default now(),
    update_time timestamptz not null default now(),
    end_time timestamptz check ((end_time is null) = (state = 'running')),
    primary key (firm_id, request_import_id),
    constraint request_imports_taken unique (firm_id, principal, request_id)
);

create index request_imports_by_age on request_imports (request_import_id);

-- The parts of an import that are done, in their order, without a gap: each a request with its rows. A row is put in by
-- the transaction that makes the request.
create table request_import_spans (
    firm_id uuid not null,
    request_import_id uuid not null,
    position integer not null,
    -- The key of the request; none where the key was met before, or no row had one.
    request_key text,
    first_line bigint not null,
    last_line bigint not null,
    -- 16 bytes a row: what tells whether a row that is sent again is the same.
    digests bytea not null check (octet_length(digests) > 0 and octet_length(digests) % 16 = 0),
    -- The rows, length-delimited, kept until the end of an import of all or nothing.
    spool bytea,
    primary key (firm_id, request_import_id, position),
    foreign key (firm_id, request_import_id) references request_imports
);

create unique index request_import_keys on request_import_spans (firm_id, request_import_id, request_key);

create table request_import_errors (
    firm_id uuid not null,
    request_import_id uuid not null,
    position bigint not null,
    line bigint not null,
    field text not null,
    message text not null,
    primary key (firm_id, request_import_id, position),
    foreign key (firm_id, request_import_id) references request_imports
);

-- Rows of an import name matters by their number.
create index matters_by_client_number on matters (firm_id, client_matter_number) where client_matter_number <> '';

alter table request_imports enable row level security;
alter table request_imports force row level security;
create policy request_imports_scope on request_imports to caseload_app
    using (app_sees_firm(firm_id)) with check (app_sees_firm(firm_id));

alter table request_import_spans enable row level security;
alter table request_import_spans force row level security;
create policy request_import_spans_scope on request_import_spans to caseload_app
    using (app_sees_firm(firm_id)) with check (app_sees_firm(firm_id));

alter table request_import_errors enable row level security;
alter table request_import_errors force row level security;
create policy request_import_errors_scope on request_import_errors to caseload_app
    using (app_sees_firm(firm_id)) with check (app_sees_firm(firm_id));

grant select, insert, update on request_imports to caseload_app;
grant select, insert on request_import_spans to caseload_app;
grant update (spool) on request_import_spans to caseload_app;
grant select, insert on request_import_errors to caseload_app;
