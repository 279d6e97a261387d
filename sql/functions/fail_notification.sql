CREATE OR REPLACE FUNCTION public.fail_notification(p_id bigint, p_claim uuid, p_reason text) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$
BEGIN
    UPDATE public.outbox
    SET state = 'failed', finished_at = public.clock(), claim = NULL, last_error = p_reason
    WHERE id = p_id AND claim = p_claim;
    RETURN FOUND;
END
$$;

COMMENT ON FUNCTION public.fail_notification(bigint, uuid, text) IS
    'Records that a claimed message can never be delivered, and why; false if the claim was not the latest any more.';
