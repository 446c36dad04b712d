"""Admin for topics and the topics of articles. Every change goes through the actions of `curating`."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from articles.accounts.models import User
from articles.errors import Refused
from articles.topics import curating
from articles.topics.models import ArticleTopic, Topic
from articles.topics.topic_names import clean_name

if TYPE_CHECKING:
    TopicForms = forms.ModelForm[Topic]
    TopicAdmins = admin.ModelAdmin[Topic]
    ArticleTopicAdmins = admin.ModelAdmin[ArticleTopic]
else:
    TopicForms, TopicAdmins, ArticleTopicAdmins = forms.ModelForm, admin.ModelAdmin, admin.ModelAdmin


class TopicForm(TopicForms):
    class Meta:
        model = Topic
        fields = ["name", "slug", "about"]

    def clean_name(self) -> str:
        try:
            name = clean_name(self.cleaned_data["name"])
        except Refused as error:
            raise forms.ValidationError(error.reason) from None
        if Topic.objects.exclude(pk=self.instance.pk).named(name):
            raise forms.ValidationError(_("There’s already a topic with this name."))
        return name


def _user(request: HttpRequest) -> User:
    """Return the signed-in user; the admin admits no one else."""
    return cast(User, request.user)


@admin.register(Topic)
class TopicAdmin(TopicAdmins):
    form = TopicForm
    list_display = ["name", "slug", "articles_shown", "articles_waiting"]
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

    @admin.display(description=_("articles"), ordering="shown_count")
    def articles_shown(self, topic: Topic) -> int:
        return int(getattr(topic, "shown_count", 0))

    @admin.display(description=_("awaiting approval"), ordering="waiting_count")
    def articles_waiting(self, topic: Topic) -> int:
        return int(getattr(topic, "waiting_count", 0))

    def save_model(self, request: HttpRequest, obj: Topic, form: Any, change: bool) -> None:
        curating.save_topic(obj, name=obj.name, about=obj.about, slug=obj.slug, by=_user(request))

    def delete_model(self, request: HttpRequest, obj: Topic) -> None:
        curating.delete_topic(obj, by=_user(request))

    def delete_queryset(self, request: HttpRequest, queryset: "QuerySet[Topic]") -> None:
        for topic in queryset:
            self.delete_model(request, topic)


@admin.register(ArticleTopic)
class ArticleTopicAdmin(ArticleTopicAdmins):
    list_display = ["topic", "article", "state", "agreed", "by_editor", "decided_by", "created_at"]
    list_filter = ["state", "by_editor"]
    list_select_related = ["topic", "article", "decided_by"]
    search_fields = ["topic__name", "article__headline"]
    readonly_fields = ["article", "topic", "state", "agreed", "by_editor", "decided_by", "created_at"]
    actions = ["approve", "reject"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def delete_model(self, request: HttpRequest, obj: ArticleTopic) -> None:
        curating.remove_from_article(obj, by=_user(request))

    def delete_queryset(self, request: HttpRequest, queryset: "QuerySet[ArticleTopic]") -> None:
        for article_topic in queryset:
            self.delete_model(request, article_topic)

    @admin.action(description=_("Approve selected topics"), permissions=["change"])
    def approve(self, request: HttpRequest, queryset: "QuerySet[ArticleTopic]") -> None:
        self._decide(request, queryset, curating.approve)

    @admin.action(description=_("Reject selected topics"), permissions=["change"])
    def reject(self, request: HttpRequest, queryset: "QuerySet[ArticleTopic]") -> None:
        self._decide(request, queryset, curating.reject)

    def _decide(
        self, request: HttpRequest, queryset: "QuerySet[ArticleTopic]", action: Callable[..., ArticleTopic]
    ) -> None:
        try:
            for article_topic in queryset:
                action(article_topic, by=_user(request))
        except Refused as error:
            self.message_user(request, error.reason, messages.ERROR)
            return
        count = len(queryset)
        sentence = ngettext("%(count)s topic updated.", "%(count)s topics updated.", count) % {"count": count}
        self.message_user(request, sentence)
