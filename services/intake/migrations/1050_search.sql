-- The words of matters, requests and tasks, which their lists look for. They stand in tables of their own: a row there
-- is written when a text changes, and not with every move of a task, which would renew the whole index entry.
--
-- What the words are is the service's to say (domain/search.rs); to the database they are lexemes with places.
create table matter_words (
    firm_id uuid not null,
    matter_id uuid not null,
    words tsvector not null,
    primary key (firm_id, matter_id),
    foreign key (firm_id, matter_id) references matters
);

create table request_words (
    firm_id uuid not null,
    request_id uuid not null,
    words tsvector not null,
    primary key (firm_id, request_id),
    foreign key (firm_id, request_id) references requests
);

create table task_words (
    firm_id uuid not null,
    task_id uuid not null,
    words tsvector not null,
    primary key (firm_id, task_id),
    foreign key (firm_id, task_id) references tasks
);

-- Without a pending list, which every search would have to read through.
create index matter_words_by_word on matter_words using gin (words) with (fastupdate = off);
create index request_words_by_word on request_words using gin (words) with (fastupdate = off);
create index task_words_by_word on task_words using gin (words) with (fastupdate = off);

alter table matter_words enable row level security;
alter table matter_words force row level security;
create policy matter_words_scope on matter_words to caseload_app
    using (app_sees_firm(firm_id)) with check (app_sees_firm(firm_id));
create policy matter_words_search on matter_words for select to caseload_owner using (true);

alter table request_words enable row level security;
alter table request_words force row level security;
create policy request_words_scope on request_words to caseload_app
    using (app_sees_firm(firm_id)) with check (app_sees_firm(firm_id));
create policy request_words_search on request_words for select to caseload_owner using (true);

alter table task_words enable row level security;
alter table task_words force row level security;
create policy task_words_scope on task_words to caseload_app
    using (
        app_sees_firm(firm_id)
        or exists (
            select from tasks t
            where t.firm_id = task_words.firm_id and t.task_id = task_words.task_id
                and t.paralegal_id = app_paralegal()))
    with check (app_sees_firm(firm_id));
create policy task_words_search on task_words for select to caseload_owner using (true);

grant select, insert, update (words) on matter_words, request_words, task_words to caseload_app;

-- Below a policy, @@ reaches no index: it is not leakproof, and is asked of rows alone that the policy has let pass.
-- That is right for a firm and a paralegal. Their search reads their own rows by key and compares the words of each; were
-- it to ask the index, which is of every firm's words, the time it takes would tell whether others have a word, and a
-- firm could find out by it whom the suite works for.
--
-- The scope of every firm sees all the words anyhow, and for it these look into the index with their owner's rights. In
-- any other scope they answer nothing, and do not look.
create function matters_of_words(query tsquery) returns setof uuid
    language sql stable security definer set search_path = pg_catalog, public, pg_temp
    as $$ select matter_id from public.matter_words where words @@ query and public.app_sees_firm(null) $$;

create function requests_of_words(query tsquery) returns setof uuid
    language sql stable security definer set search_path = pg_catalog, public, pg_temp
    as $$ select request_id from public.request_words where words @@ query and public.app_sees_firm(null) $$;

create function tasks_of_words(query tsquery) returns setof uuid
    language sql stable security definer set search_path = pg_catalog, public, pg_temp
    as $$ select task_id from public.task_words where words @@ query and public.app_sees_firm(null) $$;

comment on function matters_of_words(tsquery) is 'The matters with these words, in the scope of every firm alone.';
comment on function requests_of_words(tsquery) is 'The requests with these words, in the scope of every firm alone.';
comment on function tasks_of_words(tsquery) is 'The tasks with these words, in the scope of every firm alone.';

revoke execute on function matters_of_words(tsquery), requests_of_words(tsquery), tasks_of_words(tsquery) from public;
grant execute on function matters_of_words(tsquery), requests_of_words(tsquery), tasks_of_words(tsquery)
    to caseload_app;

-- Tasks are listed by due time as well as by age, page after page.
drop index tasks_by_due_time;
create index tasks_by_due_time on tasks (firm_id, due_time, task_id);
create index tasks_by_due_time_of_all on tasks (due_time, task_id);
