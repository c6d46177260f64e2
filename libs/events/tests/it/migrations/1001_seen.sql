-- What the tests' projection has taken in. Nothing keeps a row from being there twice: the tests count.
create table seen (
    position bigint not null,
    firm_id uuid,
    request text not null,
    traced text not null
);

alter table seen enable row level security;
alter table seen force row level security;
create policy seen_scope on seen to caseload_app
    using (app_sees_firm(firm_id)) with check (app_sees_firm(firm_id));

grant select, insert on seen to caseload_app;
