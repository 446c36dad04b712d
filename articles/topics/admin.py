"""Admin for topics and the topics of articles. Every change goes through the actions of `curating`."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from articles.accounts.models import User
from articles.errors import Refused
from articles.topics import curating, topic_merging
from articles.topics.models import MAX_REASON_LENGTH, ArticleTopic, Objection, Topic
from articles.topics.topic_names import MAX_NAME_LENGTH, clean_name

if TYPE_CHECKING:
    TopicForms = forms.ModelForm[Topic]
    TopicAdmins = admin.ModelAdmin[Topic]
    ArticleTopicAdmins = admin.ModelAdmin[ArticleTopic]
else:
    TopicForms, TopicAdmins, ArticleTopicAdmins = forms.ModelForm, admin.ModelAdmin, admin.ModelAdmin


class TopicForm(TopicForms):
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=MAX_REASON_LENGTH,
        help_text=_("For the log, which readers can see. Not needed for a change of the description."),
    )
    merge_into = forms.CharField(
        label=_("Merge into"),
        required=False,
        max_length=MAX_NAME_LENGTH,
        help_text=_("The topic that means the same. This name becomes a synonym, and its URL redirects."),
    )
    separate = forms.BooleanField(label=_("Separate it again"), required=False)

    class Meta:
        model = Topic
        fields = ["name", "slug", "about", "reserved"]

    def clean_merge_into(self) -> Topic | None:
        name = self.cleaned_data["merge_into"]
        if not name or self.instance.pk is None:
            return None
        found = Topic.objects.all().named(name)
        if found is None:
            raise forms.ValidationError(_("There’s no topic with this name."))
        if why_not := topic_merging.refusal(self.instance, into=found):
            raise forms.ValidationError(why_not)
        return found

    def clean_name(self) -> str:
        try:
            name = clean_name(self.cleaned_data["name"])
        except Refused as error:
            raise forms.ValidationError(error.reason) from None
        if Topic.objects.exclude(pk=self.instance.pk).named(name):
            raise forms.ValidationError(_("There’s already a topic with this name."))
        return name

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        told = {"name", "reserved", "merge_into", "separate"} & set(self.changed_data)
        if self.instance.pk and told and not cleaned.get("reason"):
            self.add_error("reason", _("Give a reason. Readers see it in the log of topics."))
        return cleaned


class ReasonForm(ActionForm):
    """Beside the list's actions."""

    reason = forms.CharField(label=_("Reason"), required=False, max_length=MAX_REASON_LENGTH)


class ObjectionForm(ActionForm):
    objection = forms.ChoiceField(label=_("Reason"), required=False, choices=Objection.choices)
    reason = forms.CharField(label=_("Reason for removing"), required=False, max_length=MAX_REASON_LENGTH)


def _user(request: HttpRequest) -> User:
    """Return the signed-in user; the admin admits no one else."""
    return cast(User, request.user)


@admin.register(Topic)
class TopicAdmin(TopicAdmins):
    form = TopicForm
    action_form = ReasonForm
    actions = ["delete_topics"]
    readonly_fields = ["merged_into"]
    list_display = ["name", "slug", "articles_shown", "articles_waiting", "merged_into"]
    list_select_related = ["merged_into"]
    search_fields = ["name", "name_key"]

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Topic]":
        return (
            super()
            .get_queryset(request)
            .annotate(
                shown_count=Count("article_topics", filter=Q(article_topics__state=ArticleTopic.State.SHOWN)),
                waiting_count=Count("article_topics", filter=Q(article_topics__state=ArticleTopic.State.WAITING)),
            )
        )

    def get_fields(self, request: HttpRequest, obj: Topic | None = None) -> Any:
        merging = [] if obj is None else ["merged_into", "separate"] if obj.merged_into_id else ["merge_into"]
        return ["name", "slug", "about", "reserved", *merging, "reason"]

    @admin.display(description=_("articles"), ordering="shown_count")
    def articles_shown(self, topic: Topic) -> int:
        return int(getattr(topic, "shown_count", 0))

    @admin.display(description=_("awaiting approval"), ordering="waiting_count")
    def articles_waiting(self, topic: Topic) -> int:
        return int(getattr(topic, "waiting_count", 0))

    def save_model(self, request: HttpRequest, obj: Topic, form: Any, change: bool) -> None:
        data = form.cleaned_data
        curating.save_topic(
            obj,
            name=obj.name,
            about=obj.about,
            slug=obj.slug,
            reserved=obj.reserved,
            reason=data["reason"],
            by=_user(request),
        )
        if into := data.get("merge_into"):
            topic_merging.merge(obj, into=into, reason=data["reason"], by=_user(request))
        if data.get("separate") and obj.merged_into_id:
            topic_merging.separate(obj, reason=data["reason"], by=_user(request))

    def has_delete_permission(self, request: HttpRequest, obj: Topic | None = None) -> bool:
        return False  # By the action, with a reason.

    @admin.action(description=_("Delete selected topics"), permissions=["change"])
    def delete_topics(self, request: HttpRequest, queryset: "QuerySet[Topic]") -> None:
        reason = request.POST.get("reason", "")
        _act_on_all(self, request, queryset, partial(curating.delete_topic, reason=reason, by=_user(request)))


@admin.register(ArticleTopic)
class ArticleTopicAdmin(ArticleTopicAdmins):
    list_display = ["topic", "article", "state", "agreed", "by_editor", "decided_by", "created_at"]
    list_filter = ["state", "by_editor"]
    list_select_related = ["topic", "article", "decided_by"]
    search_fields = ["topic__name", "article__headline"]
    readonly_fields = ["article", "topic", "state", "agreed", "by_editor", "decided_by", "created_at"]
    action_form = ObjectionForm
    actions = ["approve", "reject", "remove"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ArticleTopic | None = None) -> bool:
        return False  # By the action, with a reason.

    @admin.action(description=_("Approve selected topics"), permissions=["change"])
    def approve(self, request: HttpRequest, queryset: "QuerySet[ArticleTopic]") -> None:
        _act_on_all(self, request, queryset, partial(curating.approve, by=_user(request)))

    @admin.action(description=_("Reject selected topics"), permissions=["change"])
    def reject(self, request: HttpRequest, queryset: "QuerySet[ArticleTopic]") -> None:
        chosen = request.POST.get("objection", "")
        objection = Objection(chosen) if chosen in Objection.values else Objection.WRONG
        _act_on_all(self, request, queryset, partial(curating.reject, objection=objection, by=_user(request)))

    @admin.action(description=_("Remove selected topics with their votes"), permissions=["change"])
    def remove(self, request: HttpRequest, queryset: "QuerySet[ArticleTopic]") -> None:
        reason = request.POST.get("reason", "")
        _act_on_all(self, request, queryset, partial(curating.remove_from_article, reason=reason, by=_user(request)))


def _act_on_all[Row: (Topic, ArticleTopic)](
    page: "admin.ModelAdmin[Row]", request: HttpRequest, rows: "QuerySet[Row]", act: Callable[[Row], Any]
) -> None:
    """Do the same with each row, and say for how many. A refusal stops it."""
    count = len(rows)
    try:
        for row in rows:
            act(row)
    except Refused as error:
        page.message_user(request, error.reason, messages.ERROR)
        return
    sentence = ngettext("%(count)s topic updated.", "%(count)s topics updated.", count) % {"count": count}
    page.message_user(request, sentence)
