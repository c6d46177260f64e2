-- Work that a firm asks for again and again.
create table request_templates (
    firm_id uuid not null references firms,
    request_template_id uuid not null,
    display_name text not null check (display_name <> ''),
    title text not null check (title <> ''),
    description text not null,
    -- Not held to the firm's list: whoever is named is looked up when a request is made.
    supervising_attorney_id text,
    -- The tasks in their order, as store/request_templates/blueprint.rs writes them.
    tasks jsonb not null check (jsonb_typeof(tasks) = 'array'),
    version bigint not null default 1,
    create_time timestamptz not null default now(),
    update_time timestamptz not null default now(),
    primary key (firm_id, request_template_id)
);

create unique index request_template_names_taken on request_templates (firm_id, lower(display_name));
create index request_templates_by_age on request_templates (request_template_id);

alter table request_templates enable row level security;
alter table request_templates force row level security;
create policy request_templates_scope on request_templates to caseload_app
    using (app_sees_firm(firm_id)) with check (app_sees_firm(firm_id));

grant select, insert, update, delete on request_templates to caseload_app;
