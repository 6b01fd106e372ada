"""The database keeps every handed-in version as it was: it may only be marked as superseded. Files and decisions too."""

from django.db import migrations

FORWARD = """
CREATE OR REPLACE FUNCTION refuse_submitted_response() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state IN ('submitted', 'superseded') THEN
        IF TG_OP = 'UPDATE' AND OLD.state = 'submitted' AND NEW.state = 'superseded'
            AND to_jsonb(NEW) - 'state' = to_jsonb(OLD) - 'state' THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'response % is submitted', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE OR REPLACE FUNCTION refuse_of_submitted_response() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    response_id_old bigint := CASE WHEN TG_OP = 'INSERT' THEN NEW.response_id ELSE OLD.response_id END;
    response_id_new bigint := CASE WHEN TG_OP = 'DELETE' THEN OLD.response_id ELSE NEW.response_id END;
BEGIN
    IF EXISTS (SELECT 1 FROM consultations_response
               WHERE id IN (response_id_old, response_id_new) AND state IN ('submitted', 'superseded')) THEN
        RAISE EXCEPTION 'the response is submitted' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER submitted BEFORE INSERT OR UPDATE OR DELETE ON consultations_attachment
    FOR EACH ROW EXECUTE FUNCTION refuse_of_submitted_response();
CREATE TRIGGER submitted BEFORE INSERT OR UPDATE OR DELETE ON consultations_owndecision
    FOR EACH ROW EXECUTE FUNCTION refuse_of_submitted_response();
"""
BACKWARD = """
DROP TRIGGER submitted ON consultations_owndecision;
DROP TRIGGER submitted ON consultations_attachment;
"""


class Migration(migrations.Migration):
    dependencies = [("consultations", "0004_consultee_side")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
