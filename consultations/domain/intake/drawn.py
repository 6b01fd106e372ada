"""Pages of originals that are pictures, as they are kept to be shown."""

from django.core.files.base import ContentFile

from consultations.domain.intake.draft import Picture
from consultations.models import IntakeJob, IntakePage

MOST = 200  # pages of one original, its attachments counted in


def keep_drawn(job: IntakeJob, pictures: list[Picture]) -> None:
    """In place of those that an earlier reading left."""
    for page in job.drawn.all():
        page.file.delete(save=False)
    job.drawn.all().delete()
    made = []
    for number, picture in enumerate(pictures[:MOST], 1):
        page = IntakePage(
            job=job,
            number=number,
            page=picture.page,
            name=picture.name[:200],
            width=picture.width,
            height=picture.height,
        )
        page.file.save(f"{job.pk}-{number}.jpg", ContentFile(picture.data), save=False)
        page.file.close()
        made.append(page)
    IntakePage.objects.bulk_create(made)
