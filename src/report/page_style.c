/* The stylesheet is constant: what depends on the run is in attributes. So the page's policy
 * can name its hash and forbid all others. */
#include "report/page_style.h"

#define C1 "#b24a2e"
#define C2 "#4c2767"
#define C3 "#158cd2"
#define C4 "#0e6357"
#define C5 "#a87400"
#define C6 "#e0247d"

const struct page_style page_styles[PAGE_STYLES] = {
    {PAGE_WHOLE_COLOUR, "", "2"},
    {C1, "", "2"},
    {C2, "9 3", "2"},
    {C3, "", "3"},
    {C4, "2 2", "2"},
    {C5, "12 3 2 3", "2"},
    {C6, "5 5", "2"},
};

#define LIGHT                                                                                      \
    ":root{--bg:#fff;--card:#f5f6f8;--fg:" PAGE_TEXT_COLOUR ";--dim:" PAGE_DIM_COLOUR              \
    ";--line:" PAGE_LINE_COLOUR ";--grid:" PAGE_GRID_COLOUR ";--shade:" PAGE_SHADE_COLOUR          \
    ";--c0:" PAGE_WHOLE_COLOUR ";--c1:" C1 ";--c2:" C2 ";--c3:" C3 ";--c4:" C4 ";--c5:" C5         \
    ";--c6:" C6 ";--queue:#868d95;--dns:#6b747e;--connect:#17534d;--tls:#2e7d74;--send:#7d8791;"   \
    "--wait:#bd8710;--transfer:#7a5c12;--pale:#fff;--deep:#14171b;--ok:#14693a;"                   \
    "--bad:" PAGE_BAD_COLOUR ";--failed:" PAGE_FAILED_COLOUR ";--tip:#fff}"

/* Only on a screen: paper is white. */
#define DARK                                                                                       \
    "@media screen and (prefers-color-scheme:dark){:root{--bg:#14171b;--card:#1d2126;"             \
    "--fg:#e6e9ed;--dim:#a3acb6;--line:#434b55;--grid:#2a3037;--shade:#22282f;--c0:#7fb2ea;"       \
    "--c1:#f8a024;--c2:#8b75e7;--c3:#8dbcee;--c4:#72fee3;--c5:#fdd88f;--c6:#fd4a84;"               \
    "--queue:#7d8791;--dns:#98a1ab;--connect:#2c8a7f;--tls:#62c9bb;--send:#8a939c;"                \
    "--wait:#e9bd55;--transfer:#b5913f;--pale:#0d1013;--deep:#0d1013;--ok:#6fd39a;--bad:#ff8f85;"  \
    "--failed:#ff7469;--tip:#262c33}}"

#define WORDS                                                                                      \
    "*{box-sizing:border-box}"                                                                     \
    "body{margin:0 auto;max-width:1240px;padding:20px 24px 56px;background:var(--bg);"             \
    "color:var(--fg);font:15px/1.5 system-ui,-apple-system,\"Segoe UI\",Roboto,"                   \
    "\"Liberation Sans\",sans-serif;font-variant-numeric:tabular-nums}"                            \
    "h1{font-size:26px;line-height:1.2;margin:0 0 4px;font-weight:650;overflow-wrap:anywhere}"     \
    "h2{font-size:19px;line-height:1.3;margin:44px 0 2px;font-weight:650;overflow-wrap:anywhere;"  \
    "scroll-margin-top:52px}"                                                                      \
    "p{margin:4px 0 8px}"                                                                          \
    ".sub,.note,.axis,figcaption,caption,footer,summary{color:var(--dim)}"                         \
    ".eye,.note,.axis,figcaption,caption,footer{font-size:13px}"                                   \
    ".sub,.note{overflow-wrap:anywhere}"                                                           \
    ".nw{white-space:nowrap}.eye{color:var(--dim);margin:0}.axis{margin:10px 0 2px}"               \
    "ul.say{list-style:none;margin:16px 0 0;padding:12px 16px;background:var(--card);"             \
    "border-radius:8px;border-left:5px solid var(--c0);overflow-wrap:anywhere}"                    \
    "ul.say.bad{border-left-color:var(--failed)}"                                                  \
    "ul.say li{margin:3px 0;padding-left:24px;text-indent:-24px}"                                  \
    "ul.say .m{display:inline-block;width:24px;text-indent:0;font-weight:700}"                     \
    ".ok{color:var(--ok)}.no{color:var(--bad)}.ok,.no{font-weight:650}"                            \
    "dl.key{display:flex;flex-wrap:wrap;gap:10px;"                                                 \
    "margin:16px 0 0}"                                                                             \
    "dl.key>div{flex:1 0 104px;background:var(--card);border-radius:8px;padding:9px 12px}"         \
    "dl.key dt{color:var(--dim);font-size:13px}"                                                   \
    "dl.key dd{margin:0;font-size:19px;white-space:nowrap;font-weight:600;line-height:1.3}"        \
    "dl.key small{display:block;white-space:normal;font-size:12.5px;font-weight:400;"              \
    "line-height:1.25;color:var(--dim)}"                                                           \
    ".how dt{font-weight:650;margin-top:10px}"                                                     \
    ".how dd{margin:0 0 4px;color:var(--dim);max-width:82ch}"                                      \
    "footer{margin-top:40px;padding-top:12px;border-top:1px solid var(--line)}"

#define CHARTS                                                                                     \
    "figure{margin:0}"                                                                             \
    ".two{display:grid;gap:0 44px;grid-template-columns:minmax(0,1fr)}"                            \
    ".plot{padding:6px 76px 0 60px}.plot.long{padding-right:112px}.plot.alone{padding-right:8px}"  \
    ".plot.flat{padding-left:0;padding-right:0}"                                                   \
    "svg{display:block;font-size:12px;font-family:inherit}"                                        \
    "svg text{fill:var(--fg)}svg text.ax,svg text.dim{fill:var(--dim)}"                            \
    ".grid{stroke:var(--grid)}.base{stroke:var(--line)}.gap{fill:var(--shade)}"                    \
    ".rest{fill:none;stroke:var(--dim)}"                                                           \
    ".halo{paint-order:stroke;stroke:var(--bg);stroke-width:4px;stroke-linejoin:round}"            \
    ".s0{--c:var(--c0)}.s1{--c:var(--c1)}.s2{--c:var(--c2)}.s3{--c:var(--c3)}"                     \
    ".s4{--c:var(--c4)}.s5{--c:var(--c5)}.s6{--c:var(--c6)}"                                       \
    "g.s0,g.s1,g.s2,g.s3,g.s4,g.s5,g.s6{stroke:var(--c);fill:var(--c)}"                            \
    "svg path.ln{fill:none;stroke-linejoin:round}"                                                 \
    "svg path.thin{fill:none;stroke-linecap:round}"                                                \
    ".mark{stroke-width:2.5}"                                                                      \
    "svg text.name{stroke:none;font-weight:600;fill:var(--c)}"                                     \
    ".cnt{fill:var(--c0)}.cntbad{fill:var(--failed)}"                                              \
    ".seg{stroke:var(--bg);stroke-width:1.5px}"                                                    \
    ".queue{fill:var(--queue)}.dns{fill:var(--dns)}.connect{fill:var(--connect)}"                  \
    ".tls{fill:var(--tls)}.send{fill:var(--send)}.wait{fill:var(--wait)}"                          \
    ".transfer{fill:var(--transfer)}svg text.pale{fill:var(--pale)}svg "                           \
    "text.deep{fill:var(--deep)}"                                                                  \
    ".thr line{stroke:var(--dim)}.thr circle{fill:var(--dim)}svg .thr text{fill:var(--dim)}"       \
    ".over line{stroke:var(--bad)}.over circle{fill:var(--bad)}svg .over text{fill:var(--bad)}"    \
    ".nn{display:none}"                                                                            \
    ".plot>svg{width:100%}.h>rect{pointer-events:all}"                                             \
    ".tip{overflow:visible;pointer-events:none;transform:translate(8px,6px)}"                      \
    ".tip.l{transform:translate(-218px,6px)}"                                                      \
    ".tip p{margin:0;padding:3px 8px;background:var(--tip);border:1px solid var(--line);"          \
    "border-radius:4px;font-size:12px;line-height:16px}"                                           \
    "@media screen{.h:hover>.tip{display:block}.h:hover>rect{fill:var(--dim);fill-opacity:.12}}"   \
    ".bar{width:45%;min-width:110px}.wide{width:22%;min-width:200px}.wide "                        \
    "line{stroke:var(--c0)}.wide circle{fill:var(--fg)}"                                           \
    ".wide path{stroke:var(--grid);vector-effect:non-scaling-stroke}"                              \
    "details{margin:10px 0 0;font-size:14px}summary{cursor:pointer;padding:4px 0}"

/* A group whose box is not checked. */
#define HIDE(n) "body:has(#t" n ":not(:checked)) figure :is(.s" n ",.p" n "){display:none}"

#define TOGGLES                                                                                    \
    ".toggles{display:flex;flex-wrap:wrap;gap:2px 18px;align-items:center;border:0;"               \
    "margin:16px -24px 0;padding:8px 24px;background:var(--bg);font-size:14px;min-width:0}"        \
    ".toggles legend{float:left;padding:3px 0;color:var(--dim)}"                                   \
    ".toggles label{display:inline-flex;gap:7px;align-items:center;padding:3px 0;cursor:pointer}"  \
    ".toggles input{margin:0;width:16px;height:16px;accent-color:var(--c0)}"                       \
    "@media screen and (min-width:641px) and "                                                     \
    "(min-height:600px){.toggles{position:sticky;top:0;z-index:2;"                                 \
    "border-bottom:1px solid var(--line)}}"                                                        \
    "@supports not selector(:has(*)){.toggles input{display:none}}"                                \
    "@media screen{" HIDE("1") HIDE("2") HIDE("3") HIDE("4") HIDE("5")                             \
        HIDE("6") "}"                                                                              \
                  ".legend{display:flex;flex-wrap:wrap;gap:2px 16px;list-style:none;margin:8px 0 " \
                  "0;padding:0;"                                                                   \
                  "font-size:13px}.legend li{display:flex;gap:6px;align-items:center}"             \
                  ".sw{display:inline-block;margin-right:7px;vertical-align:-1px}"                 \
                  ".toggles .sw,.legend .sw{margin:0}"                                             \
                  ":focus-visible{outline:3px solid var(--c3);outline-offset:2px}"

#define TABLES                                                                                     \
    ".scroll{overflow-x:auto;margin:8px 0 0}"                                                      \
    "table{border-collapse:collapse;width:100%;font-size:14px}"                                    \
    "caption{text-align:left;padding:8px 0 4px}caption bdi{font-weight:650;color:var(--fg)}"       \
    ".vh{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);padding:0}"   \
    "th,td{padding:5px 10px;text-align:right;border-bottom:1px solid var(--line);"                 \
    "white-space:nowrap;font-weight:400}"                                                          \
    "thead th{color:var(--dim);font-size:13px;vertical-align:bottom}"                              \
    "tbody th,th.l,td.l{text-align:left}tbody th{font-weight:600}"                                 \
    "tbody th.in{padding-left:26px;font-weight:400}.gr{border-left:1px solid var(--line)}"         \
    "th.nm{white-space:normal;overflow-wrap:anywhere;min-width:170px;max-width:360px}"             \
    "td.v{color:var(--dim);font-size:13px}td.ok{color:var(--ok)}td.no{color:var(--bad)}"

#define SIZES                                                                                      \
    "@media(min-width:1120px){.two{grid-template-columns:minmax(0,1.15fr) minmax(0,1fr)}}"         \
    "@media(max-width:640px){body{padding:14px 14px 40px}.toggles{margin:12px -14px 0;"            \
    "padding:6px 14px}.plot,.plot.long,.plot.alone{padding:6px 6px 0 52px}"                        \
    ".plot.flat{padding:6px 0 0}.tip{x:100%;transform:translate(-210px,6px)}"                      \
    ".tip.l{x:0;transform:translate(0,6px)}.w,.end{display:none}"                                  \
    ".nn{display:inline}h1{font-size:21px}h2{font-size:17px;margin-top:34px}"                      \
    "dl.key>div{flex-basis:40%}dl.key dd{font-size:18px}"                                          \
    "th,td{padding:5px 7px}th.nm{min-width:130px}}"                                                \
    "@media(forced-colors:active){svg text{fill:CanvasText}.grid,.base{stroke:GrayText}}"          \
    "@media print{body{max-width:none;padding:0;font-size:11pt}"                                   \
    "figure,table,.two>*,ul.say,dl.key{break-inside:avoid}h2{break-after:avoid}"                   \
    ".toggles{position:static;padding:0;margin:8px 0}.toggles input,details{display:none}"         \
    ".scroll{overflow:visible}table{font-size:9pt}th,td{padding:3px 6px}"                          \
    "*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}"

const char page_style_sheet[] = LIGHT DARK WORDS CHARTS TOGGLES TABLES SIZES;
