-- The dates that matter in a matter. They have rows of their own, so that matters are found by what is due.
create table matter_key_dates (
    firm_id uuid not null,
    matter_id uuid not null,
    key_date_id text not null,
    kind text not null check (kind in (
        'filing', 'hearing', 'deposition', 'mediation', 'trial', 'discovery_cutoff', 'limitation', 'closing', 'other')),
    title text not null check (title <> ''),
    -- The day where it happens.
    date date not null,
    -- What a clock there shows; null: the whole day.
    time_of_day time,
    time_zone text check ((time_of_day is null) = (time_zone is null)),
    note text not null,
    source text not null,
    primary key (firm_id, matter_id, key_date_id),
    foreign key (firm_id, matter_id) references matters
);

create index matter_key_dates_by_day on matter_key_dates (firm_id, date);

alter table matter_key_dates enable row level security;
alter table matter_key_dates force row level security;
create policy matter_key_dates_scope on matter_key_dates to caseload_app
    using (app_sees_firm(firm_id)) with check (app_sees_firm(firm_id));

grant select, insert, delete on matter_key_dates to caseload_app;
