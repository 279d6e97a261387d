CREATE OR REPLACE FUNCTION public.find_or_add_users(
    p_emails text[],
    p_names text[],
    p_telegram_ids text[],
    OUT user_ids bigint[],
    OUT refusals public.refusal[],
    OUT added bigint[]
)
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS
$$
-- A known user's name and telegram_id stay as they are: nobody has proved that the email is theirs.
-- A chat that said /stop is not written to, whoever names it later, until it links itself.
-- New users are inserted in the order of their emails, so that two batches cannot wait for each other. Each user is
-- looked up by a statement of its own, which takes the index whatever the statistics say.
DECLARE
    v_new integer[] := ARRAY[]::integer[];
    v_added_emails text[];
    v_ordinal integer;
    v_email text;
BEGIN
    FOR n IN 1 .. cardinality(p_emails) LOOP
        user_ids[n] := (
            SELECT id FROM public.users WHERE public.fold_email(email) = public.fold_email(p_emails[n]) AND erased_at IS NULL
        );
        IF user_ids[n] IS NULL THEN
            refusals[n] := public.validate_user(p_emails[n], p_names[n], p_telegram_ids[n]);
            IF (refusals[n]).sqlstate IS NULL THEN
                v_new := v_new || n;
            END IF;
        END IF;
    END LOOP;

    IF v_new <> '{}' THEN
        WITH new_users AS (
            INSERT INTO public.users (email, name, telegram_id, created_at)
            SELECT btrim(p_emails[n]), public.default_user_name(p_names[n], p_emails[n]), named.chat_id, public.clock()
            FROM unnest(v_new) AS n
            LEFT JOIN LATERAL (SELECT nullif(btrim(p_telegram_ids[n]), '') AS chat_id) AS named
                ON NOT EXISTS (SELECT FROM public.telegram_chats AS c WHERE c.chat_id = named.chat_id AND c.stopped_at IS NOT NULL)
            ORDER BY public.fold_email(p_emails[n]), n
            ON CONFLICT DO NOTHING
            RETURNING id, public.fold_email(email) AS email
        )
        SELECT array_agg(id), array_agg(email) INTO added, v_added_emails FROM new_users;
        FOREACH v_ordinal IN ARRAY v_new LOOP
            v_email := public.fold_email(p_emails[v_ordinal]);
            user_ids[v_ordinal] := added[array_position(v_added_emails, v_email)];
            IF user_ids[v_ordinal] IS NULL THEN  -- somebody else has added this email since we looked
                user_ids[v_ordinal] := (SELECT id FROM public.users WHERE public.fold_email(email) = v_email);
            END IF;
        END LOOP;
    END IF;
END
$$;

COMMENT ON FUNCTION public.find_or_add_users IS
    'For each email the id of its user, added if new, or EB102 invalid_user: why nobody can be that user. `added` are the ids of the new ones.';
