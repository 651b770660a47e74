"""Writing a checked file into its layer: one version, whole or not at all."""

from datetime import datetime
from typing import Any

from django.db import connection, transaction

from ronghe.kernel.actors import Actor
from ronghe.kernel.audit.services import record
from ronghe.kernel.jobs import Work

from ..errors import ImportNotReady, ImportOvertaken
from ..models import ImportFeature, Layer, LayerImport
from .imports import locked_import
from .versions import Change, begin_version, digests_of, locked_layer


def apply_import(work: Work, *, import_id: int, actor: Actor, at: datetime) -> dict[str, Any]:
    """Write a checked file into its layer: one version, whole or not at all. Locks: Layer, then LayerImport.

    A repeat writes nothing more. Raises: ImportNotReady; ImportOvertaken when the layer has changed since the check:
    the import then waits to be checked again.
    """
    overtaken: ImportOvertaken | None = None
    with transaction.atomic():
        slug = LayerImport.objects.values_list("layer__slug", flat=True).get(pk=import_id)
        layer = locked_layer(slug)
        found = locked_import(import_id)
        if found.state == LayerImport.State.APPLIED:
            return {"version": found.version}
        if found.state != LayerImport.State.APPLYING:
            raise ImportNotReady(import_id=import_id, state=found.get_state_display())
        if found.seen_version != layer.version:
            overtaken = ImportOvertaken(layer=layer.title, seen=found.seen_version, version=layer.version)
            found.state, found.failure = LayerImport.State.FAULTY, overtaken.text
            found.save(update_fields=["state", "failure"])
        else:
            work.progress(0, 3, "正在写入")
            _apply(work, layer, found, actor, at)
    if overtaken is not None:
        raise overtaken
    return {"version": found.version}


def _apply(work: Work, layer: Layer, found: LayerImport, actor: Actor, at: datetime) -> None:
    change = _change(layer, found)
    if not change.is_nothing:
        if not layer.schema and found.found.get("schema"):
            layer.schema = found.found["schema"]
            layer.save(update_fields=["schema"])
        note = "按原坐标直接使用，没有作基准转换。" if found.found.get("datum") == "as_is" else ""
        origin = f"{found.file_name}（导入第 {found.pk} 号，{found.found.get('crs', '')}）"
        begin_version(layer, change, origin=origin, note=note, actor=actor, at=at)
        work.progress(1, 3, "正在写入")
        _write(layer, found)
    ImportFeature.objects.filter(of_import=found).delete()
    found.state, found.applied_at, found.version = LayerImport.State.APPLIED, at, layer.version
    found.save(update_fields=["state", "applied_at", "version"])
    facts = {
        "layer": layer.slug, "version": layer.version, "added": change.added, "changed": change.changed,
        "removed": change.removed,
    }  # fmt: skip
    work.progress(2, 3, "正在写入")
    record(verb="spatial.import.applied", subject=found, actor=actor, at=at, facts=facts, division=layer.division_id)


def _change(layer: Layer, found: LayerImport) -> Change:
    """What applying will do, from the rows that the check has laid down."""
    before = digests_of(layer)
    staged = {code: (digest, box) for code, digest, box in found.features.values_list("code", "digest", "box")}
    new = [code for code in staged if code not in before]
    changed = [code for code in staged if code in before and before[code] != staged[code][0]]
    gone = [code for code in before if code not in staged] if found.mode == LayerImport.Mode.REPLACE else []
    boxes = [staged[code][1] for code in (*new, *changed)]
    touched = [*changed, *gone]
    if touched:
        boxes += layer.features.filter(code__in=touched).values_list("box", flat=True)
    after = before | {code: digest for code, (digest, _) in staged.items()}
    for code in gone:
        del after[code]
    return Change(len(new), len(changed), len(gone), boxes, after)


_FACTS = ("name", "geometry", "box", "area_m2", "attributes", "repaired", "digest")


def _write(layer: Layer, found: LayerImport) -> None:
    """Set-based: the former forms go into history by trigger, statement by statement."""
    key = {"layer": layer.pk, "of": found.pk, "since": layer.version}
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE spatial_feature f SET since = %(since)s, {', '.join(f'{c} = i.{c}' for c in _FACTS)} "
            "FROM spatial_importfeature i WHERE i.of_import_id = %(of)s AND f.layer_id = %(layer)s "
            "AND f.code = i.code AND f.digest <> i.digest",
            key,
        )
        if found.mode == LayerImport.Mode.REPLACE:
            cursor.execute(
                "DELETE FROM spatial_feature f WHERE f.layer_id = %(layer)s AND NOT EXISTS "
                "(SELECT 1 FROM spatial_importfeature i WHERE i.of_import_id = %(of)s AND i.code = f.code)",
                key,
            )
        cursor.execute(
            f"INSERT INTO spatial_feature (layer_id, since, code, {', '.join(_FACTS)}) "
            f"SELECT %(layer)s, %(since)s, i.code, {', '.join(f'i.{c}' for c in _FACTS)} FROM spatial_importfeature i "
            "WHERE i.of_import_id = %(of)s AND NOT EXISTS "
            "(SELECT 1 FROM spatial_feature f WHERE f.layer_id = %(layer)s AND f.code = i.code)",
            key,
        )
