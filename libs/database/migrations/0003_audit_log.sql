-- Who changed what, when, from where, before and after. It only ever grows: nobody is granted update or delete.
create table audit_log (
    id bigint generated always as identity primary key,
    record_time timestamptz not null default clock_timestamp(),
    -- The token's subject, or "system:" and the name of a worker.
    actor text not null,
    -- The caller's address, when there is one.
    remote text,
    -- The firm whose data it is; null for what belongs to no firm.
    firm_id uuid,
    -- The full name of the method.
    method text not null,
    -- The resource name.
    resource text not null,
    -- The resource as it was, and as it is; null where it was not, or is no more.
    before jsonb,
    after jsonb
);

create index audit_log_by_resource on audit_log (resource, id);
create index audit_log_by_firm on audit_log (firm_id, id);

alter table audit_log enable row level security;
alter table audit_log force row level security;
create policy audit_log_scope on audit_log for select to caseload_app using (app_sees_firm(firm_id));
create policy audit_log_record on audit_log for insert to caseload_app with check (app_records_for_firm(firm_id));

grant select, insert on audit_log to caseload_app;
