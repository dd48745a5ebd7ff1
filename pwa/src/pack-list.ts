/** What the office lists for a day, and what the phone noted when it had all of it. */

export interface Listed { url: string; sha256: string; bytes: number }
export interface Group { label: string; href: string; visit: string | null; urls: Listed[] }
export interface List { made_at: string; groups: Group[]; mark: string; left_out: number }
export interface Seal { list: List; packedAt: string; whole: boolean; lookedAt?: string }

export const all = (list: List): Listed[] => list.groups.flatMap((group) => group.urls);
export const visits = (list: List): Group[] => list.groups.filter((group) => group.visit);
