"""A page with the text of an article and cards over its lines, under the site's own content security policy."""

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

PAGE = """{% load static %}<!doctype html>
<html lang="en" dir="{{ dir }}">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Cards</title>
    <link rel="icon" href="{% static "img/favicon.svg" %}">
    <link rel="stylesheet" href="{% static "css/django-admin.css" %}">
    <link rel="stylesheet" href="{% static "css/desk.css" %}">
    <script src="{% static "js/theme.js" %}"></script>
    <script type="module" src="{% static "js/desk-cards.js" %}"></script>
  </head>
  <body>
    <main id="content">
      <h1>Cards</h1>
      <form method="get">
        <label for="text">Text</label>
        <div class="text-cell" data-placements
          data-kinds='{"picture": ["picture", "Bild"], "pull-quote": ["pull quote"], "also-on": ["also on"]}'
          data-placed-first="{name}, before the first paragraph"
          data-placed-after="{name}, after paragraph {number}"
          data-placed-behind="{name}, after {other}"
          data-removed="{name} removed from the text.">
          <textarea name="body" id="text" dir="auto" rows="12">
{{ body }}</textarea>
        </div>
        <details>
          <summary class="button quiet">In the text</summary>
          <fieldset data-placement-kind="picture" data-placement-number="1">
            <template class="card-content">
              <img src="{% static "img/favicon.svg" %}" alt="">
              <div class="card-text">
                <p class="card-kind">Picture</p>
                <p class="card-words">The swing bridge at half past three</p>
                <p class="problem">Needs alt text</p>
              </div>
              <div class="card-actions"><button type="button" class="button" data-edit>Add alt text</button></div>
            </template>
            <label for="alt">Alt text of picture 1</label> <input id="alt">
          </fieldset>
          <fieldset data-placement-kind="pull-quote" data-placement-number="1">
            <template class="card-content">
              <i class="pull-quote-bar"></i>
              <div class="card-text">
                <p class="card-kind">Pull quote</p>
                <p class="card-words">It is the best Sunday we have had</p>
                <p class="card-note">Oda Finch, keeps the chip shop</p>
              </div>
              <div class="card-actions"><button type="button" class="button quiet" data-edit>Edit</button></div>
            </template>
            <label for="quote">Pull quote 1</label> <input id="quote">
          </fieldset>
          <fieldset data-placement-kind="also-on" data-placement-number="1">
            <template class="card-content">
              <i class="also-on-rules"></i>
              <div class="card-text">
                <p class="card-kind">Also in The Lantern</p>
                <p class="card-words">The harbour counted its lights and found one too many</p>
                <p class="card-note">Published 27 November</p>
              </div>
              <div class="card-actions"><button type="button" class="button quiet" data-edit>Edit</button></div>
            </template>
            <label for="also">“Also on” 1</label> <input id="also">
          </fieldset>
        </details>
      </form>
      <p class="sr-only" id="announcements" role="status"></p>
    </main>
  </body>
</html>"""


def show(request: HttpRequest) -> HttpResponse:
    template = engines["django"].from_string(PAGE)
    return HttpResponse(
        template.render({"body": request.GET.get("body", ""), "dir": request.GET.get("dir", "ltr")}, request)
    )


urlpatterns = [path("", show)]
