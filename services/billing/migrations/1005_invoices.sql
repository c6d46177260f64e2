-- Invoices: drafts that may go, and final ones that never change.

create table invoices (
    firm_id uuid not null,
    invoice_id uuid not null,
    state text not null check (state in ('draft', 'final', 'sent')),
    -- The one matter that it is for; null: all.
    matter_id uuid,
    period_start date not null,
    period_end date not null,
    currency text not null,
    total_minor bigint not null,
    line_count integer not null check (line_count >= 0),
    -- What it gets when it is issued.
    number text,
    invoice_date date,
    due_date date,
    issue_time timestamptz,
    firm_display_name text,
    vendor_name text,
    vendor_id text,
    client_id text,
    content_sha256 text check (content_sha256 ~ '^[0-9a-f]{64}$'),
    send_time timestamptz,
    version bigint not null default 1,
    create_time timestamptz not null,
    update_time timestamptz not null,
    primary key (firm_id, invoice_id),
    constraint invoices_one_a_number unique (firm_id, number),
    check (period_end >= period_start),
    check (num_nulls(number, invoice_date, due_date, issue_time, firm_display_name, vendor_name, vendor_id, client_id,
        content_sha256) = case state when 'draft' then 9 else 0 end),
    check ((state in ('draft', 'final')) = (send_time is null)),
    check (state = 'draft' or total_minor >= 0)
);

create index invoices_by_age on invoices (firm_id, invoice_id desc);
create index invoices_all_by_age on invoices (invoice_id desc);

create table invoice_lines (
    firm_id uuid not null,
    invoice_id uuid not null,
    line_number integer not null check (line_number > 0),
    item_id uuid not null,
    kind text not null check (kind in ('time', 'project_fee', 'milestone_fee', 'credit')),
    matter_id uuid not null,
    matter_number integer not null,
    matter_caption text not null,
    client_matter_number text not null,
    task_id uuid not null,
    task_title text not null,
    line_date date not null,
    description text not null,
    billed_seconds integer,
    rate numeric(12, 4),
    rule text not null,
    rate_card_id uuid,
    rate_card_entry integer,
    explanation text not null,
    charge_minor bigint not null,
    adjustment_minor bigint not null check (adjustment_minor <= 0),
    amount_minor bigint not null,
    timekeeper_id text not null,
    given_name text not null,
    family_name text not null,
    utbms_task_code text not null,
    utbms_activity_code text not null,
    primary key (firm_id, invoice_id, line_number),
    unique (firm_id, invoice_id, item_id),
    foreign key (firm_id, invoice_id) references invoices (firm_id, invoice_id),
    foreign key (firm_id, item_id) references billable_items (firm_id, item_id),
    check (amount_minor = charge_minor + adjustment_minor)
);

create index invoice_lines_by_task on invoice_lines (firm_id, task_id);

-- Which invoice an item is on: one at most, by the key.
create table invoice_claims (
    firm_id uuid not null,
    item_id uuid not null,
    invoice_id uuid not null,
    constraint invoice_claims_once primary key (firm_id, item_id),
    foreign key (firm_id, item_id) references billable_items (firm_id, item_id),
    foreign key (firm_id, invoice_id) references invoices (firm_id, invoice_id)
);

create index invoice_claims_by_invoice on invoice_claims (firm_id, invoice_id);

-- The next number of each series.
create table invoice_series (
    firm_id uuid not null,
    prefix text not null,
    next_number integer not null check (next_number > 0),
    primary key (firm_id, prefix)
);

-- A final invoice only moves on in its states; and it becomes final only when its total is the sum of its lines.
create function invoices_keep_final() returns trigger language plpgsql as $$
declare
    lines record;
begin
    if tg_op = 'DELETE' then
        if old.state <> 'draft' then
            raise exception 'invoice % is final', old.number using errcode = 'integrity_constraint_violation';
        end if;
        return old;
    end if;
    if old.state = 'draft' then
        if new.state <> 'draft' then
            select count(*) as count, coalesce(sum(amount_minor), 0) as total into lines
                from invoice_lines l where l.firm_id = new.firm_id and l.invoice_id = new.invoice_id;
            if lines.count <> new.line_count or lines.total <> new.total_minor or new.line_count = 0 then
                raise exception 'invoice % is not the sum of its lines', new.number
                    using errcode = 'integrity_constraint_violation';
            end if;
        end if;
        return new;
    end if;
    if (to_jsonb(new) - '{state,send_time,version,update_time}'::text[])
        <> (to_jsonb(old) - '{state,send_time,version,update_time}'::text[])
        or (old.state, new.state) not in (('final', 'sent'))
    then
        raise exception 'invoice % is final', old.number using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end
$$;

create trigger invoices_keep_final before update or delete on invoices
    for each row execute function invoices_keep_final();

-- What belongs to an invoice changes with it, while it is a draft. Looked at once a statement: an invoice may have ten
-- thousand lines.
create function invoice_parts_keep_final() returns trigger language plpgsql as $$
begin
    if exists (
        select from (select distinct firm_id, invoice_id from parts) as p
        where not exists (select from invoices i
            where i.firm_id = p.firm_id and i.invoice_id = p.invoice_id and i.state = 'draft'))
    then
        raise exception 'the invoice is no draft' using errcode = 'integrity_constraint_violation';
    end if;
    return null;
end
$$;

create function invoice_parts_never_change() returns trigger language plpgsql as $$
begin
    raise exception 'parts of an invoice are not changed' using errcode = 'integrity_constraint_violation';
end
$$;

create trigger invoice_lines_insert after insert on invoice_lines referencing new table as parts
    for each statement execute function invoice_parts_keep_final();
create trigger invoice_lines_delete after delete on invoice_lines referencing old table as parts
    for each statement execute function invoice_parts_keep_final();
create trigger invoice_lines_update before update on invoice_lines
    for each statement execute function invoice_parts_never_change();
create trigger invoice_claims_insert after insert on invoice_claims referencing new table as parts
    for each statement execute function invoice_parts_keep_final();
create trigger invoice_claims_delete after delete on invoice_claims referencing old table as parts
    for each statement execute function invoice_parts_keep_final();
create trigger invoice_claims_update before update on invoice_claims
    for each statement execute function invoice_parts_never_change();

alter table invoices enable row level security;
alter table invoices force row level security;
create policy invoices_scope on invoices to caseload_app
    using (app_sees_firm(firm_id)) with check (app_sees_firm(firm_id));

alter table invoice_lines enable row level security;
alter table invoice_lines force row level security;
create policy invoice_lines_scope on invoice_lines to caseload_app
    using (app_sees_firm(firm_id)) with check (app_sees_firm(firm_id));

alter table invoice_claims enable row level security;
alter table invoice_claims force row level security;
create policy invoice_claims_scope on invoice_claims to caseload_app
    using (app_sees_firm(firm_id)) with check (app_sees_firm(firm_id));

alter table invoice_series enable row level security;
alter table invoice_series force row level security;
create policy invoice_series_scope on invoice_series to caseload_app
    using (app_sees_firm(firm_id)) with check (app_sees_firm(firm_id));

grant select, insert, update, delete on invoices to caseload_app;
grant select, insert, delete on invoice_lines, invoice_claims to caseload_app;
grant select, insert, update on invoice_series to caseload_app;
