-- What is billed once: approved time, accepted fees, and credits for billed time that was reversed.

create table billable_items (
    firm_id uuid not null,
    item_id uuid not null,
    kind text not null check (kind in ('time', 'project_fee', 'milestone_fee', 'credit')),
    -- The fact that it comes from.
    time_entry_id uuid,
    delivery_id uuid,
    milestone_id text,
    credited_item_id uuid,
    matter_id uuid not null,
    task_id uuid not null,
    paralegal_id uuid not null,
    item_date date not null,
    description text not null,
    billed_seconds integer check (billed_seconds >= 0),
    utbms_task_code text not null default '',
    utbms_activity_code text not null default '',

    state text not null check (state in ('unpriced', 'priced', 'reversed')),
    unpriced_reason text,
    -- The price, taken down once.
    rule text,
    rate numeric(12, 4) check (rate >= 0),
    rate_card_id uuid,
    rate_card_entry integer,
    explanation text,
    charge_minor bigint,
    currency text,
    -- The most that the task may cost, by the hour, in the same currency.
    cap_minor bigint check (cap_minor >= 0),
    price_time timestamptz,

    primary key (firm_id, item_id),
    foreign key (firm_id, credited_item_id) references billable_items (firm_id, item_id),
    foreign key (firm_id, rate_card_id) references rate_cards (firm_id, rate_card_id),
    check ((kind in ('time', 'credit')) = (time_entry_id is not null)),
    check ((kind in ('project_fee', 'milestone_fee')) = (delivery_id is not null)),
    check ((kind = 'milestone_fee') = (milestone_id is not null)),
    check ((kind = 'credit') = (credited_item_id is not null)),
    check ((kind = 'time') = (billed_seconds is not null)),
    check (num_nulls(charge_minor, currency, rule, explanation, price_time) in (0, 5)),
    check ((state = 'unpriced') = (unpriced_reason is not null)),
    check (state <> 'unpriced' or charge_minor is null),
    check (state <> 'priced' or charge_minor is not null),
    check (kind <> 'credit' or charge_minor <= 0),
    check (kind = 'credit' or charge_minor >= 0)
);

-- Each fact is billed once.
create unique index billable_items_time on billable_items (firm_id, time_entry_id) where kind = 'time';
create unique index billable_items_project_fee on billable_items (firm_id, task_id) where kind = 'project_fee';
create unique index billable_items_milestone_fee on billable_items (firm_id, task_id, milestone_id)
    where kind = 'milestone_fee';
create unique index billable_items_credit on billable_items (firm_id, credited_item_id) where kind = 'credit';

create index billable_items_by_date on billable_items (firm_id, item_date, item_id);
create index billable_items_all_by_date on billable_items (item_date, item_id);
create index billable_items_unpriced on billable_items (firm_id, task_id) where state = 'unpriced';
create index billable_items_unpriced_of on billable_items (paralegal_id) where state = 'unpriced';

-- A price never changes, and what was reversed stays so.
create function billable_items_keep_price() returns trigger language plpgsql as $$
begin
    if old.state = 'reversed' then
        raise exception 'billable item % was reversed', old.item_id using errcode = 'integrity_constraint_violation';
    end if;
    if old.state = 'priced' and row(
            new.kind, new.time_entry_id, new.delivery_id, new.milestone_id, new.credited_item_id, new.matter_id,
            new.task_id, new.paralegal_id, new.item_date, new.description, new.billed_seconds, new.utbms_task_code,
            new.utbms_activity_code, new.rule, new.rate, new.rate_card_id, new.rate_card_entry, new.explanation,
            new.charge_minor, new.currency, new.cap_minor, new.price_time)
        is distinct from row(
            old.kind, old.time_entry_id, old.delivery_id, old.milestone_id, old.credited_item_id, old.matter_id,
            old.task_id, old.paralegal_id, old.item_date, old.description, old.billed_seconds, old.utbms_task_code,
            old.utbms_activity_code, old.rule, old.rate, old.rate_card_id, old.rate_card_entry, old.explanation,
            old.charge_minor, old.currency, old.cap_minor, old.price_time)
    then
        raise exception 'billable item % has its price', old.item_id using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end
$$;

create trigger billable_items_keep_price before update on billable_items
    for each row execute function billable_items_keep_price();

alter table billable_items enable row level security;
alter table billable_items force row level security;
create policy billable_items_scope on billable_items to caseload_app
    using (app_sees_firm(firm_id)) with check (app_sees_firm(firm_id));

grant select, insert, update on billable_items to caseload_app;
-- Of the fee of a delivery whose task turns out to be paid by the hour, nothing remains.
grant delete on billable_items to caseload_app;
create policy billable_items_keep on billable_items as restrictive for delete to caseload_app
    using (state = 'unpriced' and kind in ('project_fee', 'milestone_fee') and app_sees_firm(firm_id));
