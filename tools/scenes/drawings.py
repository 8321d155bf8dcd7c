"""Objects that Fluent emoji lacks, drawn on the same 32 by 32 grid: soft gradients, light from above, no outlines."""

# ruff: noqa: E501 - a path of SVG is one line

LEATHER = (
    '<linearGradient id="a" x1="0" y1="0" x2="0" y2="1"><stop stop-color="#d9a27c"/><stop offset="1" stop-color="#b9764f"/></linearGradient>'
    '<linearGradient id="b" x1="0" y1="0" x2="0" y2="1"><stop stop-color="#8d5a4e"/><stop offset="1" stop-color="#653a3c"/></linearGradient>'
)
STITCH = 'fill="none" stroke="#f3d9bf" stroke-width=".42" stroke-dasharray="1 .8" stroke-linecap="round"'

DRAWINGS = {
    "tofu": (
        '<linearGradient id="a" x1="0" y1="0" x2="0" y2="1"><stop stop-color="#fffdf6"/><stop offset="1" stop-color="#f6ecd8"/></linearGradient>'
        '<linearGradient id="b" x1="0" y1="0" x2="0" y2="1"><stop stop-color="#f3e7cf"/><stop offset="1" stop-color="#dfcba6"/></linearGradient>'
        '<linearGradient id="c" x1="0" y1="0" x2="0" y2="1"><stop stop-color="#e8d9bb"/><stop offset="1" stop-color="#cfb88e"/></linearGradient>'
        '<path d="M15.2 5.4a2 2 0 0 1 1.7 0l11.3 5.2-12.2 6L3.8 10.6z" fill="url(#a)"/>'
        '<path d="M3.4 11.2a.8.8 0 0 1 .5-.5l12.1 5.7v12.2a2 2 0 0 1-.9-.2L4.6 23.3a2 2 0 0 1-1.2-1.8z" fill="url(#b)"/>'
        '<path d="M28.6 11.2a.8.8 0 0 0-.4-.6L16 16.4v12.2a2 2 0 0 0 .9-.2l10.5-5.1a2 2 0 0 0 1.2-1.8z" fill="url(#c)"/>'
        '<path d="M9.7 7.9l12.3 6M22.4 8l-12.5 5.6" stroke="#ecdfc5" stroke-width=".5" stroke-linecap="round"/>'
    ),
    "rice-sack": (
        '<linearGradient id="a" x1="0" y1="0" x2="1" y2="1"><stop stop-color="#f7ecd9"/><stop offset="1" stop-color="#d8c19a"/></linearGradient>'
        '<linearGradient id="b" x1="0" y1="0" x2="0" y2="1"><stop stop-color="#fff7ea"/><stop offset="1" stop-color="#e6d3b1"/></linearGradient>'
        '<path d="M7.6 8.4C5 12 3.9 17 4.3 23.2c.2 3.6 1.6 5.8 4.4 6 4.9.4 9.8.4 14.6 0 2.8-.2 4.2-2.4 4.4-6 .4-6.2-.7-11.2-3.3-14.8z" fill="url(#a)"/>'
        '<path d="M7.1 3.6c2.6-1.5 4.4.9 6.4-.2s3.2-1.3 5.2-.1 3.9-.9 6.2.3c.9.5.9 1.7.3 2.6l-1.6 2.5H8.4L6.8 6.2c-.6-.9-.6-2.1.3-2.6" fill="url(#b)"/>'
        '<path d="M7.4 8.3c5.7 1.3 11.500 1.3 17.2 0l.5 1.300c-6 1.500-12.200 1.500-18.200 0z" fill="#b3452f"/>'
        '<circle cx="16" cy="19.600" r="5.300" fill="#fdf6e7"/>'
        '<path d="M16 23.800v-7m0 2.600c-1.900 0-2.800-.9-2.900-2.500 1.700 0 2.800.8 2.900 2.500m0 0c1.900 0 2.800-.9 2.900-2.500-1.700 0-2.800.8-2.900 2.500m0 2.900c-1.900 0-2.800-.9-2.900-2.500 1.700 0 2.800.8 2.900 2.500m0 0c1.900 0 2.800-.9 2.900-2.500-1.700 0-2.800.8-2.900 2.500" fill="none" stroke="#c59a3a" stroke-width=".9" stroke-linecap="round"/>'
    ),
    "milk-bottle": (
        '<linearGradient id="a" x1="0" y1="0" x2="1" y2="0"><stop stop-color="#fff"/><stop offset=".7" stop-color="#eef1f5"/><stop offset="1" stop-color="#cfd8e2"/></linearGradient>'
        '<linearGradient id="b" x1="0" y1="0" x2="0" y2="1"><stop stop-color="#6fb0e6"/><stop offset="1" stop-color="#3f7fc4"/></linearGradient>'
        '<path d="M12.200 6.500h7.600v3.100c0 1.100.4 1.900 1.200 2.800 1.500 1.700 2 3 2 5v9.100a3 3 0 0 1-3 3h-8a3 3 0 0 1-3-3v-9.100c0-2 .5-3.300 2-5 .8-.9 1.200-1.700 1.200-2.800z" fill="url(#a)"/>'
        '<path d="M9 18.600h14v6.200H9z" fill="url(#b)"/><path d="M13 21.700c1-1.400 2-1.400 3 0s2 1.400 3 0" fill="none" stroke="#fff" stroke-width="1" stroke-linecap="round"/>'
        '<rect x="11.300" y="2.600" width="9.400" height="4.600" rx="1.300" fill="url(#b)"/>'
        '<path d="M11 15.500c.2-1 .8-1.800 1.400-2.500" stroke="#fff" stroke-width="1" stroke-linecap="round"/>'
    ),
    "long-wallet": LEATHER
    + (
        '<rect x="1.500" y="8" width="29" height="16.500" rx="2.600" fill="url(#b)"/><rect x="1.500" y="7" width="29" height="16" rx="2.600" fill="url(#a)"/>'
        '<path d="M1.500 9.600A2.600 2.600 0 0 1 4.100 7h23.800a2.600 2.600 0 0 1 2.600 2.600v4.200C21 17.600 11 17.600 1.500 13.800z" fill="#c98a62"/>'
        f'<rect x="2.900" y="8.400" width="26.200" height="13.200" rx="1.700" {STITCH}/>'
        '<circle cx="16" cy="16.500" r="1.500" fill="#e8c98a"/><circle cx="15.700" cy="16.100" r=".6" fill="#fbe9c0"/>'
    ),
    "card-holder": LEATHER
    + (
        '<rect x="7" y="4.500" width="18" height="9" rx="1.600" fill="#7fae9a"/><rect x="6.300" y="7" width="19.400" height="9" rx="1.600" fill="#e9dfcf"/>'
        '<rect x="4" y="10" width="24" height="17.500" rx="2.600" fill="url(#b)"/><rect x="4" y="9.500" width="24" height="17" rx="2.600" fill="url(#a)"/>'
        '<path d="M4 16.500h8.500a3.500 3.500 0 0 0 7 0H28v7.400a2.600 2.600 0 0 1-2.600 2.600H6.600A2.600 2.600 0 0 1 4 23.900z" fill="#c28258"/>'
        f'<path d="M5.400 17.900v6a1.300 1.300 0 0 0 1.300 1.300h18.600a1.300 1.300 0 0 0 1.300-1.300v-6" {STITCH}/>'
    ),
    "key-fob": LEATHER
    + (
        '<linearGradient id="c" x1="0" y1="0" x2="0" y2="1"><stop stop-color="#f3dc9c"/><stop offset="1" stop-color="#c79b3f"/></linearGradient>'
        '<circle cx="16" cy="6" r="4" fill="none" stroke="url(#c)" stroke-width="1.700"/>'
        '<path d="M12.600 9.500h6.800l1.800 14.700a4.500 4.500 0 0 1-4.500 5h-1.400a4.500 4.500 0 0 1-4.500-5z" fill="url(#a)"/>'
        f'<path d="M13.900 11h4.200l1.600 13.300a3.100 3.100 0 0 1-3 3.500h-1.400a3.100 3.100 0 0 1-3-3.500z" {STITCH}/>'
        '<rect x="12" y="8.600" width="8" height="3" rx="1.200" fill="url(#b)"/><circle cx="16" cy="22.600" r="1.300" fill="url(#c)"/>'
    ),
    "belt": LEATHER
    + (
        '<linearGradient id="c" x1="0" y1="0" x2="0" y2="1"><stop stop-color="#f3dc9c"/><stop offset="1" stop-color="#b98c37"/></linearGradient>'
        '<path d="M16 6.500c7.600 0 13.500 3.600 13.500 8.300v5.700c0 4.700-5.900 8.300-13.500 8.300S2.500 25.200 2.500 20.500v-5.700c0-4.700 5.900-8.300 13.500-8.300" fill="url(#b)"/>'
        '<ellipse cx="16" cy="14.700" rx="13.500" ry="8.200" fill="#c98a62"/><ellipse cx="16" cy="14.900" rx="11.600" ry="6.700" fill="#8d5a4e"/>'
        '<ellipse cx="16" cy="15.500" rx="9.800" ry="5.300" fill="#b9764f"/><ellipse cx="16" cy="15.900" rx="8.200" ry="4.200" fill="#6f4340"/>'
        '<ellipse cx="16" cy="16.500" rx="6.600" ry="3.200" fill="#b9764f"/><ellipse cx="16" cy="17" rx="5" ry="2.300" fill="#52302f"/>'
        f'<path d="M3.600 19.500c1.300 4.100 6.300 7.100 12.400 7.100s11.100-3 12.400-7.100" {STITCH}/>'
        '<rect x="11.500" y="20.800" width="9" height="7.800" rx="1.700" fill="none" stroke="url(#c)" stroke-width="1.700"/><path d="M16 21v7" stroke="url(#c)" stroke-width="1.300" stroke-linecap="round"/>'
    ),
    "hide": LEATHER
    + (
        '<path d="M5 9.500c2.500-1.800 4.700-.6 7-1.500 2.600-1 5.400-1.300 8-.2 2.500 1 5-.2 7 1.700 1.800 1.700.6 4 1.200 6.500s2 4.500.5 6.600-4.300 1.600-6.700 2.500c-3 1.200-6.200 1-9.300.2-2.800-.8-6 .5-8-1.700s-.4-4.600-.9-7-1.200-5.300 1.200-7.100" fill="url(#a)"/>'
        '<path d="M4.300 21.500c2 3.300 5.700 2.100 8.400 2.900 3.100.8 6.300 1 9.300-.2 2.400-.9 5.200-.4 6.700-2.500l.1.700c-.8 2.900-4.200 2.300-6.800 3.400-3 1.100-6.200.9-9.300.1-2.800-.8-6 .5-8-1.700a4 4 0 0 1-.4-2.700" fill="#8d5a4e"/>'
        '<path d="M9 13.500c4-1.500 9-1.500 14 .2M9.500 18c4 1 8.600 1 13 0" fill="none" stroke="#e6bd9b" stroke-width=".5" stroke-linecap="round" opacity=".7"/>'
    ),
    "awl": (
        '<linearGradient id="a" x1="0" y1="0" x2="1" y2="1"><stop stop-color="#e2a860"/><stop offset="1" stop-color="#a9682f"/></linearGradient>'
        '<path d="M20.500 4.500c2.600-2.600 5.200-2.300 6.600-.9s1.700 4-.9 6.600l-6.100 6-5.700-5.700z" fill="url(#a)"/><path d="M14 11l6.200 6.200-2 2L12 13z" fill="#d9dde3"/><path d="M13.200 14.400l3.600 3.600L4 28.600c-.5.4-1-.1-.6-.6z" fill="#aeb6c0"/>'
    ),
    "egg-tray": (
        '<linearGradient id="a" x1="0" y1="0" x2="0" y2="1"><stop stop-color="#cfc0aa"/><stop offset="1" stop-color="#9f8d74"/></linearGradient>'
        '<linearGradient id="b" x1=".3" y1="0" x2=".7" y2="1"><stop stop-color="#f2b98b"/><stop offset="1" stop-color="#c57a4a"/></linearGradient>'
        + "".join(f'<ellipse cx="{x}" cy="13.500" rx="3.100" ry="4" fill="url(#b)"/>' for x in (7, 13, 19, 25))
        + '<path d="M2 15.500c1.500-1.500 3.500-1.500 5 0s4.500 1.500 6 0 4.500 1.500 6 0 4.500 1.500 6 0 3.500-1.500 5 0l-2 9a2 2 0 0 1-2 1.600H6a2 2 0 0 1-2-1.600z" fill="url(#a)"/>'
        + "".join(
            f'<ellipse cx="{x}" cy="16.800" rx="3.300" ry="4.200" fill="url(#b)"/>'
            for x in (4.800, 10.400, 16, 21.600, 27.200)
        )
        + '<path d="M1.200 18.500c1.200-1.300 2.600-1.300 3.800 0s4.300 1.500 5.600 0 4.300 1.500 5.600 0 4.300 1.500 5.600 0 4.300 1.500 5.600 0 2.300-1.300 3.400 0l-2 8.300a2 2 0 0 1-2 1.600H5.200a2 2 0 0 1-2-1.600z" fill="url(#a)"/>'
    ),
}
