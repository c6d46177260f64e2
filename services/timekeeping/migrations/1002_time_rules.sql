-- How a firm wants time billed. A firm without a row has the suite's own rule.
create table time_rules (
    firm_id uuid primary key,
    increment_seconds integer not null check (increment_seconds between 1 and 3600 and 3600 % increment_seconds = 0),
    increment_rounding text not null check (increment_rounding in ('up', 'down', 'nearest', 'exact')),
    version bigint not null default 1,
    create_time timestamptz not null default now(),
    update_time timestamptz not null default now()
);

alter table time_rules enable row level security;
alter table time_rules force row level security;
-- A paralegal's entry is billed by its firm's rule, so the paralegal's transaction may read it.
create policy time_rules_scope on time_rules to caseload_app
    using (
        app_sees_firm(firm_id)
        or exists (
            select from assignments a
            where a.firm_id = time_rules.firm_id and a.paralegal_id = app_paralegal()
        )
    )
    with check (app_sees_firm(firm_id));

grant select, insert, update on time_rules to caseload_app;
