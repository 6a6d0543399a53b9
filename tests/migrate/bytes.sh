#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Whatever is no login keeps its bytes: order, layout, numbers, escapes, line ends, the last newline.
. "${BASH_SOURCE[0]%/*}/migrate_lab.sh" || exit 1

start_session

a=$(auth ada secret-of-ada) b=$(auth bob secret-of-bob)

# rewrites TEXT WANTED
rewrites() {
  forget_all
  config "$1"
  migrate
  exits 0 "«${1:0:40}»"
  becomes "$2"
  has a.example ada secret-of-ada
}

# docker's own layout: a tab, no final newline
rewrites "{
	\"auths\": {
		\"a.example\": {
			\"auth\": \"$a\"
		},
		\"b.example\": {
			\"auth\": \"$b\",
			\"email\": \"b@b.example\"
		}
	},
	\"HttpHeaders\": {
		\"X\": \"\\u003c\\u0026\\u003e<&>\"
	},
	\"psFormat\": \"table {{.ID}}\\\\t{{.Names}}\"
}" '{
	"auths": {
		"a.example": {},
		"b.example": {
			"email": "b@b.example"
		}
	},
	"HttpHeaders": {
		"X": "\u003c\u0026\u003e<&>"
	},
	"psFormat": "table {{.ID}}\\t{{.Names}}",
	"credsStore": "keyring"
}'

# in one line
rewrites "{\"auths\":{\"a.example\":{\"auth\":\"$a\"}},\"x\":1}" \
  '{"auths":{"a.example":{}},"x":1,"credsStore":"keyring"}'

# a layout of its own; numbers, escapes and doubtful values that no reader may normalise
rewrites "  {  \"z\" : [ 1.50, 1e3,-0, 1E400, 12345678901234567890123 ,\"\\u00e9\\/<é>\\ud83d\\ude00\" ],
     \"auths\" :
 { \"a.example\"  : { \"x-mine\":null , \"auth\" :\"$a\"  } ,
   \"\\u0062.example\":{\"auth\":\"$b\",\"y\":[{}]} } , \"nested\":{\"auths\":{\"c\":{\"auth\":\"left\"}}}
}

" '  {  "z" : [ 1.50, 1e3,-0, 1E400, 12345678901234567890123 ,"\u00e9\/<é>\ud83d\ude00" ],
     "auths" :
 { "a.example"  : { "x-mine":null  } ,
   "\u0062.example":{"y":[{}]} } , "nested":{"auths":{"c":{"auth":"left"}}} , "credsStore":"keyring"
}

'
has b.example bob secret-of-bob

# Windows' line ends, and a final one
rewrites $'{\r\n  "auths": {\r\n    "a.example": {\r\n      "auth": "'"$a"$'"\r\n    }\r\n  },\r\n  "aliases": {"builder": "buildx"}\r\n}\r\n' \
  $'{\r\n  "auths": {\r\n    "a.example": {}\r\n  },\r\n  "aliases": {"builder": "buildx"},\r\n  "credsStore": "keyring"\r\n}\r\n'

# an empty credsStore is filled where it stands
rewrites "{\"credsStore\" : \"\", \"auths\": {\"a.example\": {\"auth\": \"$a\"}}}" \
  '{"credsStore" : "keyring", "auths": {"a.example": {}}}'

# half a megabyte of what docker does not know
filler=$(head -c 380000 /dev/urandom | base64 -w 70 | sed 's/.*/  "x-&",/')
rewrites "{\"filler\": [
$filler
  0], \"auths\":{\"a.example\":{\"auth\":\"$a\"}}}" "{\"filler\": [
$filler
  0], \"auths\":{\"a.example\":{}}, \"credsStore\":\"keyring\"}"
