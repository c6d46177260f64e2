-- What firms pay by the hour. A card is never changed; one that starts later takes its place.

create table rate_cards (
    firm_id uuid not null,
    rate_card_id uuid not null,
    display_name text not null,
    effective_start_date date not null,
    -- The last day; null: no end.
    effective_end_date date,
    currency text not null,
    create_time timestamptz not null,
    primary key (firm_id, rate_card_id),
    constraint rate_cards_one_a_start unique (firm_id, effective_start_date),
    check (effective_end_date >= effective_start_date)
);

create table rate_card_entries (
    firm_id uuid not null,
    rate_card_id uuid not null,
    -- 1, 2, 3.
    place integer not null check (place > 0),
    -- Null: any.
    kind text,
    practice_area text,
    level integer check (level between 1 and 5),
    rate numeric(12, 4) not null check (rate >= 0),
    primary key (firm_id, rate_card_id, place),
    foreign key (firm_id, rate_card_id) references rate_cards (firm_id, rate_card_id),
    constraint rate_card_entries_one_a_work unique nulls not distinct (firm_id, rate_card_id, kind, practice_area, level)
);

alter table rate_cards enable row level security;
alter table rate_cards force row level security;
create policy rate_cards_scope on rate_cards to caseload_app
    using (app_sees_firm(firm_id)) with check (app_sees_firm(firm_id));

alter table rate_card_entries enable row level security;
alter table rate_card_entries force row level security;
create policy rate_card_entries_scope on rate_card_entries to caseload_app
    using (app_sees_firm(firm_id)) with check (app_sees_firm(firm_id));

grant select, insert on rate_cards, rate_card_entries to caseload_app;
