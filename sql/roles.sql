-- The two roles and what each may read. Which functions each may call is said by the folders in sql/functions.
-- Roles belong to the whole cluster. If another database is creating them at this moment, this waits and uses those.
-- A connection that may not create roles gets a warning, and grants to the roles that exist.

DO
$$
DECLARE
    v_missing text[];
    v_role text;
    v_why text;
BEGIN
    FOREACH v_role IN ARRAY ARRAY['eventbooker_app', 'eventbooker_operator'] LOOP
        CONTINUE WHEN to_regrole(v_role) IS NOT NULL;
        BEGIN
            EXECUTE format('CREATE ROLE %I NOLOGIN', v_role);
        EXCEPTION
            WHEN duplicate_object OR unique_violation THEN NULL;
            WHEN insufficient_privilege THEN
                v_missing := v_missing || v_role;
                v_why := SQLERRM;
        END;
    END LOOP;
    IF v_missing IS NOT NULL THEN
        RAISE WARNING USING MESSAGE = format(
            '%s %s %s not made: %s', CASE cardinality(v_missing) WHEN 1 THEN 'role' ELSE 'roles' END,
            array_to_string(v_missing, ' and '), CASE cardinality(v_missing) WHEN 1 THEN 'was' ELSE 'were' END, v_why);
    END IF;
END
$$;

DO
$$
BEGIN
    IF to_regrole('eventbooker_app') IS NOT NULL THEN
        GRANT SELECT ON public._yoyo_migration TO eventbooker_app;  -- web and worker check that nothing is pending
    END IF;
    IF to_regrole('eventbooker_operator') IS NOT NULL THEN
        GRANT SELECT ON public.users, public.events, public.bookings, public.booking_changes, public.current_bookings,
            public.current_events, public.waitlist,
            public.current_waitlist, public.booking_settings, public.outbox, public._yoyo_migration
        TO eventbooker_operator;
        GRANT USAGE ON SCHEMA archive TO eventbooker_operator;
        GRANT SELECT ON ALL TABLES IN SCHEMA archive TO eventbooker_operator;
    END IF;
END
$$;
