-- Names are looked for by more than their key: by what spellings of one name share (blocks), and by trigrams.
create extension if not exists pg_trgm;

alter table conflict_names
    -- The words of the name, folded: what trigrams are taken of.
    add column folded text not null default '',
    -- What spellings of one name share at least one of.
    add column blocks text[] not null default '{}',
    -- The version of the matcher that wrote conflict_key, folded and blocks. Names of an older one are written again.
    add column matcher_version integer not null default 0;

drop index conflict_names_by_key;
create index conflict_names_by_key on conflict_names (conflict_key);
-- Without a pending list, which every search would have to read through.
create index conflict_names_by_block on conflict_names using gin (blocks) with (fastupdate = off);
create index conflict_names_by_trigram on conflict_names using gin (folded gin_trgm_ops) with (fastupdate = off);
create index conflict_names_by_matcher on conflict_names (matcher_version);

create policy conflict_names_search on conflict_names for select to caseload_owner using (true);

-- The library sets its parameter when it is loaded; before that, nobody but a superuser could name it below.
select similarity('', '');

-- Below a policy, neither % nor && reaches its index: they are not leakproof, and are asked of rows alone that the policy
-- has let pass. A comparison for conflicts looks through the names of every firm, so it has the scope of every firm, in
-- which the policy lets everything pass. For that scope this looks into the indexes with its owner's rights; in any
-- other it answers nothing, and does not look. What it answers are candidates: the service scores them.
create function conflict_candidates(key text, text_folded text, shared text[], sides text[])
    returns table (firm_id uuid, matter_id uuid, "position" integer, name text, role text)
    language sql stable security definer
    set search_path = pg_catalog, public, pg_temp
    set pg_trgm.similarity_threshold = 0.6
    as $$
        select n.firm_id, n.matter_id, n.position, n.name, n.role
        from public.conflict_names n
        where (n.conflict_key = key or n.blocks && shared or n.folded % text_folded)
            and n.side = any (sides)
            and public.app_sees_firm(null)
    $$;

comment on function conflict_candidates(text, text, text[], text[]) is
    'The names that are worth comparing with one, in the scope of every firm alone.';

revoke execute on function conflict_candidates(text, text, text[], text[]) from public;
grant execute on function conflict_candidates(text, text, text[], text[]) to caseload_app;
