-- How alike two names are that collide: 0 to 100, and what most of it comes from. What was found before the matcher
-- told was the same name written in another way.
alter table conflict_collisions
    add column score smallint not null default 100 check (score between 0 and 100),
    add column likeness text not null default 'normalised'
        check (likeness in ('exact', 'normalised', 'fuzzy', 'phonetic'));

-- Waivers are looked through for those that have ended.
create index conflict_checks_by_waiver on conflict_checks (waiver_expire_time) where state = 'waived';

-- Paralegals as assignment's events tell of them: a screen names those alone that there are. They belong to no firm.
create table known_paralegals (
    paralegal_id uuid primary key
);

grant select, insert on known_paralegals to caseload_app;
