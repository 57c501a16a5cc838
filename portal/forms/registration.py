"""Forms of registering: one person, an enterprise, a charity."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, HiddenField, PasswordField, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, Email, Length, Optional

from portal.domain.applications import Application
from portal.forms.documents import DocumentField
from portal.queries.registration import County
from portal.queries.supporters import Dossier

_REQUIRED = DataRequired()
_NAME = [_REQUIRED, Length(max=60)]


def _given(value: Any) -> Any:
    """Return an empty text for a field that a browser left out."""
    return "" if value is None else value


class ApplicantForm(FlaskForm):
    """What every applicant is asked; ``own`` names what only this kind is asked."""

    kind = ""
    own: tuple[str, ...] = ()

    county = SelectField(
        _l("所在县（市、区）"),
        [_REQUIRED],
        description=_l("由这里的民政局审核您的资料，认领不限于本县。"),
    )
    phone = StringField(
        _l("联系电话"),
        [_REQUIRED, Length(max=30)],
        description=_l("只给审核和联系送达用，不会公开。"),
        render_kw={"autocomplete": "tel", "inputmode": "tel"},
    )
    pledge = BooleanField(_l("我已读完并承诺遵守"), [DataRequired(_l("请读完承诺后勾选"))])
    privacy = BooleanField(_l("我已阅读并同意"), [DataRequired(_l("请读完隐私告知后勾选"))])
    #: Which version of each text stood above the tick.
    pledge_version = HiddenField()
    privacy_version = HiddenField()
    #: A new visitor opens an account on the same page; web code takes these out for others.
    email = EmailField(
        _l("邮箱"),
        [_REQUIRED, Length(max=254), Email(message=_l("请填写完整的邮箱地址"))],
        description=_l("用来登录和接收通知。"),
        render_kw={"autocomplete": "email", "inputmode": "email"},
    )
    password = PasswordField(
        _l("设置密码"),
        [_REQUIRED, Length(max=512)],
        description=_l("至少 10 个字符，可以是一句好记的话。"),
        render_kw={"autocomplete": "new-password"},
    )

    def offer(self, counties: tuple[County, ...]) -> None:
        """Set the places to register at, grouped by authority."""
        self.county.choices = [
            SelectChoice("", str(_l("请选择"))),
            *(
                SelectChoice(place.code, place.name, optgroup=authority)
                for authority, places in groupby(counties, key=lambda each: each.tenant_name)
                for place in places
            ),
        ]

    def without_account(self) -> None:
        """Leave out e-mail and password: the visitor is signed in already."""
        del self.email
        del self.password

    def show_texts(self, in_force: Mapping[str, str]) -> None:
        """Show these versions; a tick that stood under another one is taken back."""
        for kind, number in in_force.items():
            version = self[f"{kind}_version"]
            if version.data != number:
                self[kind].data = False
            version.data = number

    def application(self, **more: Any) -> Application:
        """Return what was typed; ``more`` adds the kept documents."""
        return Application(
            kind=self.kind,
            county_code=self.county.data if self.county else "",
            phone=self.phone.data or "",
            pledge_version=self.pledge_version.data or "",
            privacy_version=self.privacy_version.data or "",
            **{name: _given(self[name].data) for name in self.own},
            **more,
        )


class IndividualForm(ApplicantForm):
    kind = "individual"
    own = ("name", "id_number", "is_teacher")

    name = StringField(
        _l("姓名"),
        _NAME,
        description=_l("与身份证一致。"),
        render_kw={"autocomplete": "name"},
    )
    id_number = StringField(
        _l("身份证号码"),
        [_REQUIRED, Length(max=30)],
        description=_l("用来核对身份和年龄，加密保存。"),
        render_kw={"autocomplete": "off", "data-no-draft": ""},
    )
    is_teacher = BooleanField(_l("我是在职或退休教师"), [Optional()])


class OrganisationForm(ApplicantForm):
    """What an enterprise and a charity are both asked."""

    uscc = StringField(
        _l("统一社会信用代码"),
        [_REQUIRED, Length(max=30)],
        description=_l("证照上的 18 位代码。"),
        render_kw={"autocomplete": "off", "autocapitalize": "characters"},
    )
    contact_name = StringField(
        _l("联系人姓名"),
        _NAME,
        description=_l("负责认领和送达的同事。"),
        render_kw={"autocomplete": "name"},
    )


class EnterpriseForm(OrganisationForm):
    kind = "enterprise"
    own = ("name", "uscc", "contact_name")

    name = StringField(_l("企业名称"), _NAME, render_kw={"autocomplete": "organization"})
    business_licence = DocumentField(_l("营业执照"))


class CharityForm(OrganisationForm):
    kind = "charity"
    own = ("name", "uscc", "contact_name", "fundraising_no")

    name = StringField(_l("组织名称"), _NAME, render_kw={"autocomplete": "organization"})
    registration_certificate = DocumentField(_l("法人登记证书"))
    fundraising_no = StringField(
        _l("公开募捐资格证书编号"),
        [Optional(), Length(max=40)],
        description=_l("没有公开募捐资格的不用填，不影响登记。"),
    )


FORMS: dict[str, type[ApplicantForm]] = {
    form.kind: form for form in (IndividualForm, EnterpriseForm, CharityForm)
}


def correction(own: Dossier, in_force: Mapping[str, str]) -> ApplicantForm:
    """Return the form of an application that is corrected, filled with what it holds.

    The place stays as it was; texts that were accepted in their present version stay accepted,
    except when a standing is renewed; documents that were handed in need not come again, except
    those that were sent back.
    """
    kind = FORMS[own.kind]
    held = {name: getattr(own, name) for name in ("phone", *kind.own)}
    is_renewal = own.status == "expired"
    form = kind(
        data={
            **held,
            "pledge": own.pledge_version == in_force["pledge"] and not is_renewal,
            "privacy": own.privacy_version == in_force["privacy"] and not is_renewal,
            "pledge_version": in_force["pledge"],
            "privacy_version": in_force["privacy"],
        }
    )
    form.without_account()
    del form.county
    handed_in = {document.kind for document in own.documents}
    for field in form:
        if isinstance(field, DocumentField):
            field.has_older = field.name in handed_in and field.name not in own.returned
    return form
