-- What paralegals have earned: theirs to see and the suite's, never a firm's.

create table earnings (
    firm_id uuid not null,
    earning_id uuid not null,
    paralegal_id uuid not null,
    kind text not null check (kind in ('time', 'project_fee', 'reversal')),
    time_entry_id uuid,
    delivery_id uuid,
    assignment_id uuid not null,
    task_id uuid not null,
    earn_date date not null,
    -- Negative for a reversal.
    worked_seconds integer,
    -- The pay terms that decided, taken down once. Null hourly pay with an amount: paid by the project.
    hourly_pay numeric(12, 4) check (hourly_pay >= 0),
    amount_minor bigint,
    currency text,
    primary key (firm_id, earning_id),
    check ((kind = 'project_fee') = (delivery_id is not null)),
    check ((kind = 'project_fee') = (time_entry_id is null)),
    check ((kind = 'project_fee') = (worked_seconds is null)),
    check (kind <> 'time' or worked_seconds >= 0),
    check (kind <> 'reversal' or worked_seconds <= 0),
    check ((amount_minor is null) = (currency is null)),
    check (kind = 'reversal' or amount_minor >= 0),
    check (kind <> 'reversal' or amount_minor <= 0)
);

create unique index earnings_time on earnings (firm_id, time_entry_id, kind) where kind <> 'project_fee';
create unique index earnings_project_fee on earnings (firm_id, assignment_id) where kind = 'project_fee';
create index earnings_by_paralegal on earnings (paralegal_id, earn_date, earning_id);
create index earnings_by_date on earnings (earn_date, earning_id);
create index earnings_pending on earnings (firm_id, assignment_id) where amount_minor is null;

create function earnings_keep_amount() returns trigger language plpgsql as $$
begin
    if old.amount_minor is not null then
        raise exception 'earning % has its amount', old.earning_id using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end
$$;

create trigger earnings_keep_amount before update on earnings
    for each row execute function earnings_keep_amount();

alter table earnings enable row level security;
alter table earnings force row level security;
create policy earnings_read on earnings for select to caseload_app
    using (app_sees_firm(firm_id) and current_setting('app.firm_id') = '*' or paralegal_id = app_paralegal());
create policy earnings_insert on earnings for insert to caseload_app
    with check (app_sees_firm(firm_id) and current_setting('app.firm_id') = '*');
create policy earnings_update on earnings for update to caseload_app
    using (app_sees_firm(firm_id) and current_setting('app.firm_id') = '*')
    with check (app_sees_firm(firm_id) and current_setting('app.firm_id') = '*');

grant select, insert on earnings to caseload_app;
grant update (hourly_pay, amount_minor, currency) on earnings to caseload_app;

-- Deliveries that completed their task, for assignments whose pay terms may not have arrived.
create table completed_assignments (
    firm_id uuid not null,
    assignment_id uuid not null,
    delivery_id uuid not null,
    complete_date date not null,
    primary key (firm_id, assignment_id)
);

alter table completed_assignments enable row level security;
alter table completed_assignments force row level security;
create policy completed_assignments_scope on completed_assignments to caseload_app
    using (app_sees_firm(firm_id)) with check (app_sees_firm(firm_id));

grant select, insert on completed_assignments to caseload_app;
