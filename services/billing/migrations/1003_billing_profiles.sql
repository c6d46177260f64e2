-- How firms are billed, where it was changed from the suite's own settings.

create table billing_profiles (
    firm_id uuid primary key,
    vendor_id text not null,
    client_id text not null,
    invoice_prefix text not null,
    payment_term_days integer not null check (payment_term_days between 0 and 365),
    flat_fee_style text not null check (flat_fee_style in ('unit_cost', 'adjustment')),
    version bigint not null default 1,
    update_time timestamptz not null
);

alter table billing_profiles enable row level security;
alter table billing_profiles force row level security;
create policy billing_profiles_scope on billing_profiles to caseload_app
    using (app_sees_firm(firm_id)) with check (app_sees_firm(firm_id));

grant select, insert, update on billing_profiles to caseload_app;
