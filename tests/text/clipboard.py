"""HTML as programs put it on the clipboard, written by hand in the shape that each of them has."""

WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word">
<head><meta http-equiv=Content-Type content="text/html; charset=utf-8"><meta name=Generator content="Microsoft Word 15">
<!--[if gte mso 9]><xml><o:OfficeDocumentSettings><o:AllowPNG/></o:OfficeDocumentSettings></xml><![endif]-->
<style><!-- p.MsoNormal, li.MsoNormal {margin:0cm; font-size:12.0pt;} --></style></head>
<body lang=EN-GB style='tab-interval:36.0pt'><!--StartFragment-->
<h1><span lang=EN-GB>The ferry<o:p></o:p></span></h1>
<p class=MsoNormal><span lang=EN-GB>The <b>council</b> voted <u>on</u>
<i style='mso-bidi-font-style:normal'>Tuesday</i><a style='mso-footnote-id:ftn1' href="#_ftn1" name="_ftnref1"
title=""><span class=MsoFootnoteReference><span style='mso-special-character:footnote'><![if !supportFootnotes]><span
class=MsoFootnoteReference><span style='font-size:12.0pt'>[1]</span></span><![endif]></span></span></a>.<span
class=MsoCommentReference><span style='font-size:8.0pt'><a class=msocomanchor id="_anchor_1" href="#_msocom_1"
name="_msoanchor_1">[AL1]</a></span></span><o:p></o:p></span></p>
<p class=MsoQuote><span lang=EN-GB>“For forty years,” she said, “it has left at ten past seven.”<o:p></o:p></span></p>
<p class=MsoQuote><span lang=EN-GB>And it never was late.<o:p></o:p></span></p>
<p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='font-family:Symbol'><span style='mso-list:Ignore'>·<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp;
</span></span></span><![endif]><span lang=EN-GB>Bread<o:p></o:p></span></p>
<p class=MsoListParagraphCxSpMiddle style='margin-left:72.0pt;text-indent:-18.0pt;mso-list:l0 level2 lfo1'><![if
!supportLists]><span style='mso-list:Ignore'>1.<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;
</span></span><![endif]>white<o:p></o:p></p>
<p class=MsoListParagraphCxSpMiddle style='margin-left:72.0pt;text-indent:-18.0pt;mso-list:l0 level2 lfo1'><![if
!supportLists]><span style='mso-list:Ignore'>2.<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;
</span></span><![endif]>brown<o:p></o:p></p>
<p class=MsoListParagraphCxSpLast style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='font-family:Symbol'><span style='mso-list:Ignore'>·<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp;
</span></span></span><![endif]>Post<o:p></o:p></p>
<p class=MsoNormal style='margin-left:36.0pt'><span lang=EN-GB>An indented paragraph is somebody else’s.</span></p>
<table class=MsoTableGrid border=1 cellspacing=0 cellpadding=0 style='border-collapse:collapse'>
 <tr style='mso-yfti-irow:0'><td width=300 valign=top><p class=MsoNormal>Port<o:p></o:p></p></td>
  <td width=300 valign=top><p class=MsoNormal>Ships<o:p></o:p></p></td></tr>
 <tr style='mso-yfti-irow:1'><td width=300 valign=top><p class=MsoNormal>Hull<o:p></o:p></p></td>
  <td width=300 valign=top><p class=MsoNormal>12<o:p></o:p></p></td></tr>
</table>
<p class=MsoNormal><span lang=EN-GB><!--[if gte vml 1]><v:shape id="_x0000_i1025"><v:imagedata
src="file:///C:/clip.png"/></v:shape><![endif]--><![if !vml]><img width=300 height=200 src="file:///C:/clip.png"
v:shapes="_x0000_i1025"><![endif]>
<o:p></o:p></span></p>
<p class=MsoNormal><o:p>&nbsp;</o:p></p>
<p class=MsoNormal>See <a href="https://council.example/minutes">the minutes</a>.<o:p></o:p></p>
<div style='mso-element:footnote-list'><![if !supportFootnotes]><br clear=all><hr align=left size=1
width="33%"><![endif]>
<div style='mso-element:footnote' id=ftn1><p class=MsoFootnoteText><a style='mso-footnote-id:ftn1' href="#_ftnref1"
name="_ftn1" title=""><span class=MsoFootnoteReference><![if !supportFootnotes]>[1]<![endif]></span></a>
By eleven votes to two.<o:p></o:p></p></div></div>
<div style='mso-element:comment-list'><div style='mso-element:comment'><p class=MsoCommentText>Is it so?</p></div></div>
<!--EndFragment--></body></html>"""

GOOGLE_DOCS = (
    '<meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-1"><h1 dir="ltr" '
    'style="line-height:1.38;margin-top:20pt;"><span '
    'style="font-size:20pt;color:#000000;font-weight:400;font-style:normal;">The ferry</span></h1><p '
    'dir="ltr" style="line-height:1.38;margin-top:0pt;"><span '
    'style="color:#000000;font-weight:400;white-space:pre-wrap;">The </span><span '
    'style="color:#000000;font-weight:700;">council</span><span style="font-weight:400;"> voted on '
    "</span><span "
    'style="background-color:#ffff00;font-weight:400;font-style:italic;">Tuesday</span><span '
    'style="font-weight:400;">.</span></p><br><p dir="ltr" style="line-height:1.38;margin-left: '
    '36pt;margin-top:0pt;"><span style="font-weight:400;">An indented paragraph is somebody '
    'else’s.</span></p><ul style="margin-top:0;padding-inline-start:48px;"><li dir="ltr" '
    'style="list-style-type:disc;font-weight:400;" aria-level="1"><p dir="ltr" role="presentation"><span '
    'style="font-weight:400;">Bread</span></p></li><ul style="padding-inline-start:48px;"><li dir="ltr" '
    'aria-level="2"><p dir="ltr" role="presentation"><span>white</span></p></li></ul><li dir="ltr" '
    'aria-level="1"><p dir="ltr" role="presentation"><span>Post</span></p></li></ul><p '
    'dir="ltr"><span>See </span><a '
    'href="https://www.google.com/url?q=https://council.example/minutes&amp;sa=D&amp;source=editors" '
    'style="text-decoration:none;"><span style="color:#1155cc;text-decoration:underline;">the '
    'minutes</span></a><span>.</span></p></b><br class="Apple-interchange-newline">'
)

LIBREOFFICE = """<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.0 Transitional//EN"><html><head>
<meta http-equiv="content-type" content="text/html; charset=utf-8"/><title></title>
<style type="text/css">@page { margin: 2cm } p { line-height: 115%; margin-bottom: 0.25cm }</style></head>
<body lang="en-GB" dir="ltr"><h2 class="western">The ferry</h2>
<p style="line-height: 100%">The <b>council</b> voted on <i>Tuesday</i><a class="sdfootnoteanc" name="sdfootnote1anc"
href="#sdfootnote1sym"><sup>1</sup></a>.</p>
<p style="margin-left: 1cm; line-height: 100%">An indented paragraph is somebody else’s.</p>
<ol><li><p style="line-height: 100%">Bread</p></li><li><p style="line-height: 100%">Post</p></li></ol>
<table width="100%" cellpadding="4" cellspacing="0"><col width="128*"/><col width="128*"/>
<tr valign="top"><td width="50%"><p>Port</p></td><td width="50%"><p>Ships</p></td></tr>
<tr valign="top"><td width="50%"><p>Hull</p></td><td width="50%"><p>12</p></td></tr></table>
<div id="sdfootnote1"><p class="sdfootnote"><a class="sdfootnotesym" name="sdfootnote1sym"
href="#sdfootnote1anc">1</a> By eleven votes to two.</p></div></body></html>"""

GMAIL = (
    '<div dir="ltr"><div>Dear editor,</div><div><br></div><div>the <b>vote</b> took</div><div>eleven '
    'minutes.</div><br><div class="gmail_quote gmail_quote_container"><div dir="ltr" '
    'class="gmail_attr">On Tue, 24 Nov 2026 at 09:40, Ann Lee &lt;<a '
    'href="mailto:ann@council.example">ann@council.example</a>&gt; wrote:<br></div><blockquote '
    'class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid '
    'rgb(204,204,204);padding-left:1ex"><div dir="ltr">When was it?<blockquote class="gmail_quote" '
    'style="margin:0 0 0 0.8ex">And where?</blockquote></div></blockquote></div></div>'
)

OUTLOOK = (
    "<p class=MsoNormal><span lang=EN-GB>Eleven minutes.<o:p></o:p></span></p><div "
    "style='border:none;border-left:solid blue 1.5pt;padding:0cm 0cm 0cm 4.0pt'><p "
    "class=MsoNormal><b>From:</b> Ann Lee<o:p></o:p></p><p class=MsoNormal>When was "
    "it?<o:p></o:p></p></div>"
)

APPLE_NOTES = """<html><head><meta charset="UTF-8"></head><body>
<div><h1>The ferry</h1></div>
<div>The <b>council</b> voted</div>
<div>on <i>Tuesday</i>.</div>
<div><br></div>
<ul class="Apple-dash-list">
<li>Bread</li>
<li>Post</li>
</ul>
</body></html>"""

WEB_PAGE = """<meta charset='utf-8'><nav><ul><li><a href="/">Home</a></li></ul></nav><main>
<h2 style="box-sizing: border-box; margin: 0px 0px 16px; color: rgb(32, 33, 34);">The ferry</h2>
<p style="margin: 0px 0px 16px; color: rgb(32, 33, 34);">The <strong>council</strong>
<a href="https://paper.example/vote?id=3&amp;utm_campaign=x" style="color: rgb(51, 102, 204);
text-decoration: underline;">voted</a> on Tuesday.&nbsp;<img alt="😀" src="https://paper.example/e.png"></p>
<blockquote><p>It is late.</p></blockquote><script>track()</script><button>Share</button>
<figure><img src="https://paper.example/a.jpg" alt="A boat"><figcaption>A picture’s caption</figcaption></figure>
</main>"""
