"""What people give as evidence of surveys. Rules about it live in the services; here only its shape."""

from django import forms

from .models.evidence import EVIDENCE_KINDS
from .rules.evidence import EvidenceKind

#: Phones offer their camera for these.
_ACCEPT = "image/jpeg,image/png,application/pdf"


class EvidenceForm(forms.Form):
    """A photo or document of one parcel."""

    file = forms.FileField(
        label="文件",
        help_text="照片（JPEG、PNG）或 PDF，一次一个，不超过 20 MB；可以用手机直接拍。",
        widget=forms.ClearableFileInput(attrs={"accept": _ACCEPT}),
    )
    kind = forms.ChoiceField(label="类别", choices=EVIDENCE_KINDS, initial=EvidenceKind.PHOTO.value)


class EvidenceArchiveForm(forms.Form):
    """An archive of evidence of many parcels."""

    file = forms.FileField(
        label="ZIP 压缩包",
        help_text="不超过 100 MB、2,000 个文件；每个文件不超过 20 MB。多的分几个压缩包。",
        widget=forms.ClearableFileInput(attrs={"accept": ".zip"}),
    )
    documents_as = forms.ChoiceField(
        label="里面的 PDF 是",
        choices=EVIDENCE_KINDS[1:],
        initial=EvidenceKind.SOURCE.value,
        help_text="文件名里写明的（如“指界通知书”“批准书”）按文件名",
    )
