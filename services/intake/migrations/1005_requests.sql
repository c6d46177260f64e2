-- Firms' requests for work.
create table requests (
    firm_id uuid not null references firms,
    request_id uuid not null,
    matter_id uuid not null,
    title text not null check (title <> ''),
    description text not null,
    supervising_attorney_id text,
    state text not null check (state in (
        'draft', 'submitted', 'in_review', 'accepted', 'declined', 'withdrawn', 'completed')),
    close_reason text not null default '',
    submit_time timestamptz,
    accept_time timestamptz,
    end_time timestamptz,
    version bigint not null default 1,
    create_time timestamptz not null default now(),
    update_time timestamptz not null default now(),
    primary key (firm_id, request_id),
    foreign key (firm_id, matter_id) references matters,
    constraint requests_supervising_attorney
        foreign key (firm_id, supervising_attorney_id) references supervising_attorneys
);

create index requests_of_matter on requests (firm_id, matter_id, request_id);
create index requests_by_state on requests (firm_id, state, request_id);
create index requests_by_age on requests (request_id);

alter table requests enable row level security;
alter table requests force row level security;
create policy requests_scope on requests to caseload_app
    using (app_sees_firm(firm_id)) with check (app_sees_firm(firm_id));

grant select, insert, update on requests to caseload_app;
